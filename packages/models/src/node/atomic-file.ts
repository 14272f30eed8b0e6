import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { checkFunction, checkText, DataError } from '@sketchgrad/core';
import { type Append, explainSystemError, writeThenRename } from '@sketchgrad/core/node';

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
  const name = `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`;
  const temporary = join(dirname(path), name);
  const failure = (cause: unknown) =>
    new DataError(path, `cannot be written: ${explainSystemError(cause)}`, undefined, { cause });
  let isOpen = false;
  const writing = (append: Append): Promise<void> => {
    isOpen = true;
    return write(append);
  };
  try {
    await writeThenRename(path, writing, { temporary, failure });
  } catch (error) {
    // Where it could not be made, there may be no folder to look for it in.
    if (isOpen) await rm(temporary, { force: true });
    throw error;
  }
}
