import { addRunFolderOptions, positiveNumber, wholeNumber } from '@sketchgrad/bench/command-line';
import { GRAPH_DEFAULTS, type GraphTrainingSettings } from '@sketchgrad/bench/node';
import type { Command } from 'commander';
import { addSharedOptions, batchOption, penalty, type SharedOptions } from './shared.js';

/** What the commands that train are told. */
export type TrainingOptions = GraphTrainingSettings & SharedOptions;

/** Declares them. */
export function addTrainingOptions(command: Command): Command {
  const declared = addSharedOptions(command)
    .option('--epochs <n>', 'passes over the graph (default: as published)', wholeNumber(1))
    .option('--learning-rate <rate>', 'of Adam (default: as published)', positiveNumber())
    .option(
      '--penalty <number>',
      "L2 penalty of the first layer's weights; gcn2: of both linear layers' (default: as published)",
      penalty,
    )
    .option(
      '--convolution-penalty <number>',
      'gcn2: L2 penalty of the convolutions (default: as published)',
      penalty,
    )
    .option(
      '--patience <n>',
      'end after so many epochs without a better loss (default: as published)',
      wholeNumber(1),
    )
    .option(
      '--evaluate-every <n>',
      'epochs between evaluations',
      wholeNumber(1),
      GRAPH_DEFAULTS.evaluateEvery,
    )
    .option(
      '--batch <what>',
      'full, or clusters:PARTS, or clusters:PARTS:PARTS_IN_A_STEP',
      batchOption,
      GRAPH_DEFAULTS.batch,
    );
  return addRunFolderOptions(declared, {
    folder: 'a new folder for checkpoints and run.json',
    resume: 'continue what is in --out',
    unit: 'epochs',
    usual: GRAPH_DEFAULTS.saveEvery,
  });
}
