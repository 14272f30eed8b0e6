import * as promises from 'node:fs/promises';

/** What checkpoints ask of a file system; Node's own unless a test hands in another. */
export type FileSystem = Pick<typeof promises, 'mkdir' | 'open' | 'readdir' | 'rename' | 'unlink'>;

export const nodeFileSystem: FileSystem = promises;

/** Makes a rename in `directory` outlast a power cut. */
export async function syncDirectory(fileSystem: FileSystem, directory: string): Promise<void> {
  // Windows cannot open a directory, and its renames need no such call.
  if (process.platform === 'win32') return;
  const handle = await fileSystem.open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
