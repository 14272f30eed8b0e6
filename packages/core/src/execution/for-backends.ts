// What every backend does alike: the entry `@sketchgrad/core/backend`, for those who write one.
export { dropoutFactor } from '../random/dropout-mask.js';
export {
  checkIndices,
  checkRowPointers,
  checkStarts,
  checkWeights,
  usedRows,
} from './indices.js';
export { opTimes } from './op-times.js';
export { planOrSpill } from './plan-or-spill.js';
export { checkInputs, outputsToRead } from './run-arguments.js';
export { checkTensorTypes, StateTable, typesOf } from './state-table.js';
export type { DataKinds } from './tensor-data.js';
export { Turns } from './turns.js';
