export * from './estimators/index.js';
export { nearName } from './options/near-name.js';
export { positiveNumber, wholeNumber } from './options/numbers.js';
export { RunFolder } from './runs/run-folder.js';
export { describeFailure, Stopped } from './terminal/failure.js';
export { Interruptions } from './terminal/interruptions.js';
export { Output } from './terminal/output.js';
export { formatDuration, Progress, residentMemory } from './terminal/progress.js';
