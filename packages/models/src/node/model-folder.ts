import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { DataError, SketchgradError, UsageError } from '@sketchgrad/core';
import { explainSystemError, makeDirectory } from '@sketchgrad/core/node';
import { TOKENIZER_FILES, type TokenizerSource } from '../classifier/model-source.js';

/** Whether a path is a folder, another file, or nothing. */
export async function kindOfPath(path: string): Promise<'folder' | 'file' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    if (isNotFound(cause)) return 'nothing';
    throw failure(path, 'cannot be read', cause);
  }
}

/** The files of a tokenizer: a folder's by name, or a tokenizer.json itself. */
export async function tokenizerFiles(tokenizer: string): Promise<string[]> {
  if ((await kindOfPath(tokenizer)) === 'file') return [tokenizer];
  return (await readdir(tokenizer))
    .filter((name) => TOKENIZER_FILES.includes(name))
    .sort()
    .map((name) => join(tokenizer, name));
}

/** A tokenizer that is a folder's files, or a tokenizer.json. */
export const tokenizerAt = (path: string): TokenizerSource => ({
  path,
  async files() {
    const kind = await kindOfPath(path);
    if (kind === 'nothing')
      throw new DataError(path, 'is no longer there; the model is saved with its tokenizer');
    const files = (await tokenizerFiles(path)).map(async (file) => [
      kind === 'file' ? 'tokenizer.json' : basename(file),
      await readWhole(file),
    ]);
    return Object.fromEntries(await Promise.all(files));
  },
});

async function readWhole(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw failure(file, 'cannot be read', cause);
  }
}

/**
 * Makes a folder of files that is complete or not there at all: they are written to a temporary
 * folder beside it, which is then renamed. Where the folder exists already, the temporary one is
 * within it, as the folder may be a file system of its own; its files of the same names are replaced,
 * each in one go, once all are written; others stay.
 *
 * @param write writes the files into the temporary folder
 * @throws UsageError where the folder cannot be made or written to; DataError where writing fails, for
 * example because the disk is full. The temporary folder is then removed
 */
export async function writeFolder(
  folder: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const target = resolve(folder);
  const exists = await isFolder(folder);
  const name = `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`;
  const parent = exists ? target : dirname(target);
  const temporary = join(parent, name);
  await orRefuse(folder, async () => {
    if (!exists) await makeDirectory(parent);
    await mkdir(temporary);
  });
  try {
    await write(temporary);
    if (!exists) await rename(temporary, target);
    else
      for (const name of await readdir(temporary))
        await rename(join(temporary, name), join(target, name));
  } catch (cause) {
    if (cause instanceof SketchgradError) throw cause;
    throw failure(folder, 'cannot be written', cause);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** @throws UsageError where something else is in its place */
async function isFolder(folder: string): Promise<boolean> {
  const kind = await kindOfPath(folder);
  if (kind === 'file')
    throw new UsageError(`the model cannot be saved to ${folder}: it is a file, not a folder`);
  return kind === 'folder';
}

/** @throws UsageError where the file system refuses */
async function orRefuse(folder: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new UsageError(`the model cannot be saved to ${folder}: ${explainSystemError(cause)}`, {
      cause,
    });
  }
}

const isNotFound = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const failure = (path: string, what: string, cause: unknown): DataError =>
  new DataError(path, `${what}: ${explainSystemError(cause)}`, undefined, { cause });
