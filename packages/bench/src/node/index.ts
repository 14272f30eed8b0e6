export { bytesColumn, type Column, comparisonTable } from './comparison-table.js';
export * from './graph-runs/index.js';
export { ResidentPeak } from './resident-peak.js';
export type { RunContext, RunProgress } from './runs/context.js';
export { decidingNumbers } from './runs/deciding.js';
export { formatDuration } from './runs/duration.js';
export { residentMemory } from './runs/memory.js';
export {
  type EstimatorOptions,
  RUN_DEFAULTS,
  type RunFolderOptions,
  type StepOptions,
} from './runs/settings.js';
export * from './task-runs/index.js';
