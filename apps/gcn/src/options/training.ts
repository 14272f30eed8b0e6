import {
  addRunFolderOptions,
  positiveNumber,
  type RunFolderOptions,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import type { EstimatorSpec } from '@sketchgrad/train/language';
import type { Command } from 'commander';
import {
  addSharedOptions,
  batchOption,
  type ClusterOption,
  penalty,
  type SharedOptions,
} from './shared.js';

/** What the commands that train are told. */
export interface TrainingOptions extends SharedOptions, RunFolderOptions {
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly penalty?: number;
  readonly convolutionPenalty?: number;
  readonly patience?: number;
  readonly evaluateEvery: number;
  /** All of the graph at once, or parts of it. */
  readonly batch: ClusterOption | 'full';
}

/** One training run of the command line. */
export interface RunOptions extends TrainingOptions {
  readonly estimator: EstimatorSpec;
}

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
    .option('--evaluate-every <n>', 'epochs between evaluations', wholeNumber(1), 1)
    .option(
      '--batch <what>',
      'full, or clusters:PARTS, or clusters:PARTS:PARTS_IN_A_STEP',
      batchOption,
      'full',
    );
  return addRunFolderOptions(declared, {
    folder: 'a new folder for checkpoints and run.json',
    resume: 'continue what is in --out',
    unit: 'epochs',
    usual: 20,
  });
}
