export { CheckpointError } from './checkpoint-error.js';
export { checkSameConfiguration } from './configuration.js';
export { DirectoryLock, LOCK_FILE } from './directory-lock.js';
export type { FileSystem } from './file-system.js';
export type { TensorEntry } from './format.js';
export type { Configuration, EvaluationRecord, Json, TrainingProgress } from './progress.js';
export { type Checkpoint, openCheckpoint } from './read.js';
export { CheckpointStore, type CheckpointStoreOptions, type StoredCheckpoint } from './store.js';
export type { TensorSource } from './write.js';
