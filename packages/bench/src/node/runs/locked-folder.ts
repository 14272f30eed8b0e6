import { DirectoryLock } from '@sketchgrad/train/node';

/**
 * Works in a folder that no other run can use meanwhile.
 *
 * @param path made where it does not exist, and taken away again where it is left empty
 * @param note is told where the folder's file system has no locks
 * @throws UsageError where another run has it, or it cannot be written to; what `work` throws
 */
export async function inLockedFolder<Result>(
  path: string,
  note: (text: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = await DirectoryLock.take(path, (message) => note(`warning: ${message}`));
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
