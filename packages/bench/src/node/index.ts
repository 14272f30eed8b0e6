export { bytesColumn, type Column, comparisonTable } from './comparison-table.js';
export * from './graph-runs/index.js';
export { ResidentPeak } from './resident-peak.js';
export type { RunContext, RunProgress } from './runs/context.js';
export { type Decides, decidingNumbers } from './runs/deciding.js';
export {
  digestOfFiles,
  digestOfRows,
  type Inputs,
  withInputs,
} from './runs/digests.js';
export { downloadProgress } from './runs/download-progress.js';
export { formatDuration } from './runs/duration.js';
export { expectFolder } from './runs/expect-folder.js';
export { describePeaks, residentMemory } from './runs/memory.js';
export { RUN_DECIDES } from './runs/run-decides.js';
export { RunFolder } from './runs/run-folder.js';
export {
  type EstimatorOptions,
  RUN_DEFAULTS,
  type RunFolderOptions,
  type StepOptions,
} from './runs/settings.js';
