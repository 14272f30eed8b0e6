export { counted } from '../counted.js';
export * from './estimators/index.js';
export { positiveNumber, wholeNumber } from './options/numbers.js';
export { orInvalid } from './options/or-invalid.js';
export { isGiven, refuseUnused } from './options/refuse-unused.js';
export { addRunFolderOptions } from './options/run-folder.js';
export {
  addBackendOptions,
  addSeedAndJson,
  keepOption,
  recomputeOption,
  waysOption,
} from './options/step.js';
export { STEPS_TO_TIME, stepTable } from './step-table.js';
export { Interruptions } from './terminal/interruptions.js';
export { Output } from './terminal/output.js';
export { newProgram, runProgram } from './terminal/program.js';
export { Progress } from './terminal/progress.js';
export { stoppedBy } from './terminal/stopped.js';
