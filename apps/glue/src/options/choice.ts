import { type Command, Option } from 'commander';

/** Declares `--choice`: what a budget chose before. */
export const addChoiceOption = (command: Command): Command =>
  command.addOption(
    new Option(
      '--choice <file>',
      'estimators by layer as a budget chose them: choice.json of a run',
    ).conflicts('estimator'),
  );

export interface ChoiceOption {
  readonly choice?: string;
}
