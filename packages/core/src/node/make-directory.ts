import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { checkFunction, checkText } from '../checks/check-members.js';

/**
 * Makes a directory and those above it that are missing; one that is there is left as it is.
 *
 * Node's own `mkdir` with `recursive` never returns where a directory that exists lets none be made
 * in it and says ENOENT, as all of /proc does.
 *
 * @param make makes one directory; Node's `mkdir` unless given
 * @returns the uppermost directory that was made; undefined where all were there
 * @throws UsageError for what is no path; the file system's error: EACCES, ENOENT, ENOTDIR, EROFS, …; EEXIST where something else
 * has the name
 */
export async function makeDirectory(
  path: string,
  make: (path: string) => Promise<unknown> = (each) => mkdir(each),
): Promise<string | undefined> {
  checkText('the path of a directory', path);
  checkFunction('make', make);
  const whole = resolve(path);
  const outcome = await makeOne(whole, make);
  if (outcome === 'there') return undefined;
  if (outcome === 'made') return whole;
  const parent = dirname(whole);
  if (parent === whole || (await isDirectory(parent))) throw outcome;
  const first = await makeDirectory(parent, make);
  const second = await makeOne(whole, make);
  if (second instanceof Error) throw second;
  return first ?? (second === 'made' ? whole : undefined);
}

/** Makes a directory below one that is there; gives the error where that one is missing. */
async function makeOne(
  path: string,
  make: (path: string) => Promise<unknown>,
): Promise<'made' | 'there' | Error> {
  try {
    await make(path);
    return 'made';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return error as Error;
    // Others say that they may not make what is there: EROFS, EACCES, on Windows EPERM.
    if (await isDirectory(path)) return 'there';
    throw error;
  }
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
