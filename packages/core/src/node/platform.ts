import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isPath } from '../checks/is-path.js';

/**
 * Imports a file by its path, from the working directory on, or an optional package: as this module sees it, or, where installers keep packages apart, as
 * the running program or the working directory does. `undefined` when none of them has it.
 */
export async function importPackage(specifier: string): Promise<object | undefined> {
  // A file's path is meant from where the user stands, not from this module.
  if (isPath(specifier)) {
    const path = resolve(specifier);
    return existsSync(path) ? await import(pathToFileURL(path).href) : undefined;
  }
  try {
    return await import(specifier);
  } catch (error) {
    if (!isMissing(error, specifier)) throw error;
  }
  const program = process.argv[1];
  const bases = [...(program ? [realpathSync(program)] : []), `${process.cwd()}/`];
  for (const base of bases) {
    let found: string;
    try {
      found = createRequire(base).resolve(specifier);
    } catch (error) {
      if (!isMissing(error, specifier)) throw error;
      continue;
    }
    return await import(pathToFileURL(found).href);
  }
  return undefined;
}

/** Says what goes on all the same, on standard error unless the program listens for warnings. */
export const emitWarning = (message: string): void => process.emitWarning(message);

/** Bytes of memory that this process can have: the machine's, or its container's where that is less. */
export function machineMemory(): number {
  // 0 where nothing constrains, or more than any machine has.
  const constrained = process.constrainedMemory();
  return Math.min(totalmem(), constrained || Number.POSITIVE_INFINITY);
}

const isMissing = (error: unknown, specifier: string): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') &&
  error.message.includes(`'${specifier}'`);
