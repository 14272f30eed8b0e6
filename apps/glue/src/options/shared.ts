import {
  addBackendOptions,
  addEstimatorOptions,
  addSeedAndJson,
  keepOption,
  recomputeOption,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import { type ModelSettings, TASK_DEFAULTS } from '@sketchgrad/bench/node';
import type { Command } from 'commander';

/** Options that all commands have, `--estimator` aside: one command takes several. */
export interface SharedOptions extends ModelSettings {
  readonly json: boolean;
}

/** Declares what says which model. */
export const addModelOptions = (command: Command): Command =>
  command
    .option(
      '--model <name>',
      'minilm, roberta-base, bert-base, or a model folder',
      TASK_DEFAULTS.model,
    )
    .option('--random-weights', 'draw all weights from the seed', TASK_DEFAULTS.randomWeights);

/**
 * Declares the shared options.
 *
 * @param defaults examples of a step, tokens of an example, and what is said of the rate unless given
 */
export function addSharedOptions(
  command: Command,
  defaults: { readonly batchSize: number; readonly sequence: number; readonly rate?: string },
): Command {
  const declared = addModelOptions(addEstimatorOptions(command, defaults.rate));
  addBackendOptions(declared)
    .addOption(keepOption('what is kept in few bits: gelu=3,norm=8,attention=8'))
    .addOption(recomputeOption())
    .option('--batch-size <n>', 'examples in a step', wholeNumber(1), defaults.batchSize)
    .option('--sequence <n>', 'tokens in an example, at most', wholeNumber(1), defaults.sequence);
  return addSeedAndJson(declared);
}
