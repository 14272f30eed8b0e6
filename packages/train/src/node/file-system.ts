import * as promises from 'node:fs/promises';

/** What checkpoints ask of a file system; Node's own unless a test hands in another. */
export type FileSystem = Pick<typeof promises, 'mkdir' | 'open' | 'readdir' | 'rename' | 'unlink'>;

export const nodeFileSystem: FileSystem = promises;
