import { constants } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { DataError } from '@sketchgrad/core';
import { decodeText, reasonOf } from '../text.js';

/**
 * Reads a UTF-8 text file; a byte order mark at its start is left out.
 *
 * @param most bytes that it may have; as many as one text can hold unless given
 * @throws DataError where the file is missing, unreadable, too large or not UTF-8
 */
export async function readText(
  file: string,
  most: number = constants.MAX_STRING_LENGTH,
): Promise<string> {
  let bytes: Buffer;
  try {
    const { size } = await stat(file);
    if (size > most) throw new DataError(file, `has ${size} bytes: expected ${most} at most`);
    bytes = await readFile(file);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(file, `cannot be read (${reasonOf(cause)})`, undefined, { cause });
  }
  return decodeText(bytes, file);
}

/** What is at a path: a file, a folder, something else, or nothing. */
export async function kindOfPath(path: string): Promise<'file' | 'folder' | 'other' | 'nothing'> {
  try {
    const found = await stat(path);
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'folder' : 'other';
  } catch (cause) {
    if (isErrorWithCode(cause) && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) {
      return 'nothing';
    }
    throw new DataError(path, `cannot be looked at (${reasonOf(cause)})`, undefined, { cause });
  }
}

/** @throws DataError that names the file where it is missing or no file */
export async function requireFile(file: string): Promise<void> {
  const kind = await kindOfPath(file);
  if (kind === 'file') return;
  throw new DataError(file, kind === 'nothing' ? 'is missing' : `is a ${kind}: expected a file`);
}

/** True of errors from the operating system and from zlib. */
export function isErrorWithCode(cause: unknown): cause is Error & { code: string } {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string';
}
