export { CheckpointFolder, type CheckpointFolderOptions } from './checkpoint-folder.js';
export { DirectoryLock, LOCK_FILE } from './directory-lock.js';
export type { FileSystem } from './file-system.js';
export { type FileCheckpoint, openCheckpoint } from './read.js';
