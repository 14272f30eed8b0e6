import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkFunction, checkText, DataError, SketchgradError } from '@sketchgrad/core';
import { explainSystemError } from './system-error.js';

/** Appends bytes to the file that is being written. */
export type Append = (bytes: Uint8Array) => Promise<void>;

/**
 * Writes a file so that at every moment `path` is either what it was or complete: the bytes go to
 * a temporary file in the same folder, which is flushed to the disk and then renamed. When
 * anything fails the temporary file is removed and `path` is left as it was.
 *
 * @param write produces the bytes, in order
 * @throws DataError where the file cannot be written, for example because the disk is full; or
 *   what `write` threw.
 */
export async function writeFileAtomically(
  path: string,
  write: (append: Append) => Promise<void>,
): Promise<void> {
  checkText('path', path);
  checkFunction('write', write ?? null);
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await failAs(path, () => open(temporary, 'wx'));
  try {
    try {
      await write((bytes) => failAs(path, () => appendFully(handle, bytes)));
      await failAs(path, () => handle.sync());
    } finally {
      await handle.close();
    }
    await failAs(path, () => rename(temporary, path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

async function appendFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    const length = Math.min(bytes.byteLength - done, 1 << 30);
    done += (await handle.write(bytes, done, length)).bytesWritten;
  }
}

/** Makes the rename itself outlast a power cut, where the system lets a folder be flushed. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await failAs(folder, () => open(folder, 'r'));
  try {
    await failAs(folder, () => handle.sync());
  } finally {
    await handle.close();
  }
}

async function failAs<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof SketchgradError) throw cause;
    const reason = explainSystemError(cause);
    throw new DataError(path, `cannot be written: ${reason}`, undefined, { cause });
  }
}
