import type { Command } from 'commander';

/** Whether a model's own classifier is left aside. */
export interface NewHeadOption {
  readonly newHead: boolean;
}

/** Declares `--new-head`. */
export const addNewHeadOption = (command: Command): Command =>
  command.option('--new-head', 'draw the classifier anew even where the model has one', false);
