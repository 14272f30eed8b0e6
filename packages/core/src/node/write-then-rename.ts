import * as promises from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkFunction, checkText } from '../checks/check-members.js';

/** What writing a file asks of a file system; Node's own unless another is handed in. */
export type WritingFileSystem = Pick<typeof promises, 'open' | 'rename'>;

/** Appends bytes to the file that is being written. */
export type Append = (bytes: Uint8Array) => Promise<void>;

export interface WriteThenRenameOptions {
  /** The file's name while it is being written, in the same directory. */
  readonly temporary: string;
  readonly fileSystem?: WritingFileSystem;
  /** Makes the error for a call of the file system that fails; its own unless given. */
  readonly failure?: (cause: unknown) => Error;
}

/** What one call writes at most: Node takes no more than 2 GiB. */
const MOST_BYTES = 1 << 30;

/**
 * Writes a file so that at every moment `path` is either what it was or complete, whenever the process or
 * the machine stops: the bytes go to a temporary file, which is flushed to the disk and then renamed.
 * When anything fails `path` is as it was, and the temporary file is the caller's to remove.
 *
 * @param write produces the bytes, in order
 * @throws UsageError for what is no path or function; what `write` throws; `failure`'s, or the file system's
 */
export async function writeThenRename(
  path: string,
  write: (append: Append) => Promise<void>,
  { temporary, fileSystem = promises, failure }: WriteThenRenameOptions,
): Promise<void> {
  checkText('path', path);
  checkFunction('write', write ?? null);
  const called = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (cause) {
      throw failure ? failure(cause) : cause;
    }
  };
  const handle = await called(() => fileSystem.open(temporary, 'w'));
  try {
    await write((bytes) => called(() => appendAll(handle, bytes)));
    await called(() => handle.sync());
  } finally {
    await handle.close();
  }
  await called(() => fileSystem.rename(temporary, path));
  await called(() => syncDirectory(fileSystem, dirname(path)));
}

/** A write may take fewer bytes than it was given. */
async function appendAll(handle: promises.FileHandle, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const length = Math.min(bytes.length - from, MOST_BYTES);
    from += (await handle.write(bytes, from, length)).bytesWritten;
  }
}

/** Makes a rename in a directory outlast a power cut. */
async function syncDirectory(fileSystem: WritingFileSystem, directory: string): Promise<void> {
  // Windows cannot open a directory, and its renames need no such call.
  if (process.platform === 'win32') return;
  const handle = await fileSystem.open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
