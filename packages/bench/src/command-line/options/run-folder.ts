import { UsageError } from '@sketchgrad/core';
import type { Command } from 'commander';
import { wholeNumber } from './numbers.js';
import { refuseUnused } from './refuse-unused.js';

/** Where a run is kept, and how it goes on. */
export interface RunFolderOptions {
  readonly out?: string;
  readonly resume: boolean;
  /** Between checkpoints. */
  readonly saveEvery: number;
}

/**
 * Declares them.
 *
 * @param folder what `--out` is
 * @param resume what `--resume` does
 * @param unit what is counted between checkpoints: steps or epochs
 * @param usual how many of them
 */
export const addRunFolderOptions = (
  command: Command,
  {
    folder,
    resume,
    unit,
    usual,
  }: {
    readonly folder: string;
    readonly resume: string;
    readonly unit: string;
    readonly usual: number;
  },
): Command =>
  command
    .option('--out <dir>', folder)
    .option('--resume', resume, false)
    .option('--save-every <n>', `${unit} between checkpoints`, wholeNumber(1), usual)
    .hook('preAction', (declared) => {
      if (declared.opts<RunFolderOptions>().out === undefined)
        refuseUnused(declared, ['saveEvery'], 'without --out: there are no checkpoints');
    });

/** @throws UsageError where there is nothing to resume. @param of what the folder is of */
export function expectFolder({ out, resume }: RunFolderOptions, of = 'run'): void {
  if (resume && out === undefined)
    throw new UsageError(`--resume needs --out: the folder of the ${of}`);
}
