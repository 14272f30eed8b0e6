import type { Command } from 'commander';
import { RUN_DEFAULTS, type RunFolderOptions } from '../../node/runs/settings.js';
import { wholeNumber } from './numbers.js';
import { refuseUnused } from './refuse-unused.js';

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
    .option('--resume', resume, RUN_DEFAULTS.resume)
    .option('--save-every <n>', `${unit} between checkpoints`, wholeNumber(1), usual)
    .hook('preAction', (declared) => {
      if (declared.opts<RunFolderOptions>().out === undefined)
        refuseUnused(declared, ['saveEvery'], 'without --out: there are no checkpoints');
    });
