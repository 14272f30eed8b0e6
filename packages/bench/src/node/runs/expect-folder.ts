import { UsageError } from '@sketchgrad/core';
import type { RunFolderOptions } from './settings.js';

/** @throws UsageError where there is nothing to resume. @param of what the folder is of */
export function expectFolder(
  { out, resume }: Pick<RunFolderOptions, 'out' | 'resume'>,
  of = 'run',
): void {
  if (resume && out === undefined)
    throw new UsageError(`--resume needs --out: the folder of the ${of}`);
}
