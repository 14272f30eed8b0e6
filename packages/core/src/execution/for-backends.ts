// What every backend does alike: the entry `@sketchgrad/core/backend`, for those who write one.
export { machineMemory } from '#platform';
export { type CodeAttributes, codeInputs } from '../ops/code-inputs.js';
export type { QuantizeAttributes } from '../ops/quantize.js';
export { codesOf } from '../quantization/layout.js';
export { packCodes, unpackCodes } from '../quantization/packing.js';
export { rotateRow, rotationSigns } from '../quantization/rotation.js';
export { below } from '../random/below.js';
export { tableIndex } from '../random/gaussian-table.js';
export { normalDistribution } from '../random/normal.js';
export { streamBlock } from '../random/random-block.js';
export { randomSigns, randomWords } from '../random/random-words.js';
export { writeWords } from '../random/write-words.js';
export { codedRows, rowCoder } from './coded-row.js';
export {
  checkIndices,
  checkRowPointers,
  checkStarts,
  checkWeights,
  type Refusal,
  refusedIndex,
  refusedRowPointer,
  refusedStart,
  refusedValue,
  refusedWeight,
  type StartLimits,
  usedRows,
} from './indices.js';
export { opTimes } from './op-times.js';
export { planOrSpill } from './plan-or-spill.js';
export { checkInputs, outputsToRead } from './run-arguments.js';
export { checkTensorTypes, StateTable, typesOf } from './state-table.js';
export type { DataKinds } from './tensor-data.js';
export { Turns } from './turns.js';
