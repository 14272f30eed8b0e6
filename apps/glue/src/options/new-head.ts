import { refuseUnused } from '@sketchgrad/bench/command-line';
import type { Command } from 'commander';

/** Whether a model's own classifier is left aside. */
export interface NewHeadOption {
  readonly newHead: boolean;
}

/** Declares `--new-head`. */
export const addNewHeadOption = (command: Command): Command =>
  command
    .option('--new-head', 'draw the classifier anew even where the model has one', false)
    .hook('preAction', (declared) => {
      if (declared.opts<{ randomWeights: boolean }>().randomWeights)
        refuseUnused(
          declared,
          ['newHead'],
          'with --random-weights: the classifier is drawn with all the rest',
        );
    });
