export { counted } from '../counted.js';
export * from './estimators/index.js';
export { positiveNumber, wholeNumber } from './options/numbers.js';
export { orInvalid } from './options/or-invalid.js';
export { isGiven, refuseUnused } from './options/refuse-unused.js';
export {
  addRunFolderOptions,
  expectFolder,
  type RunFolderOptions,
} from './options/run-folder.js';
export {
  addBackendOptions,
  addSeedAndJson,
  keepOption,
  recomputeOption,
  type StepOptions,
  waysOption,
} from './options/step.js';
export { type Decides, decidingNumbers } from './runs/deciding.js';
export {
  digestOfFiles,
  digestOfNumbers,
  digestOfRows,
  type Inputs,
  withInputs,
} from './runs/digests.js';
export { inLockedFolder } from './runs/locked-folder.js';
export { RUN_DECIDES } from './runs/run-decides.js';
export {
  holdsRun,
  isUntouched,
  namesIn,
  nothingToResume,
  type Places,
  RunFolder,
} from './runs/run-folder.js';
export { STEPS_TO_TIME, stepTable } from './step-table.js';
export { downloadProgress } from './terminal/download-progress.js';
export { Interruptions } from './terminal/interruptions.js';
export { describePeaks, residentMemory } from './terminal/memory.js';
export { Output } from './terminal/output.js';
export { newProgram, runProgram } from './terminal/program.js';
export { formatDuration, Progress } from './terminal/progress.js';
export { stoppedBy } from './terminal/stopped.js';
