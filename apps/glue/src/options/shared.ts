import {
  addBackendOptions,
  addEstimatorOptions,
  addSeedAndJson,
  keepOption,
  recomputeOption,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import { type ModelSettings, TASK_DEFAULTS } from '@sketchgrad/bench/node';
import { LAST_LAYERS, type LastLayer } from '@sketchgrad/models';
import { type Command, Option } from 'commander';

/** Options that all commands have, `--estimator` aside: one command takes several. */
export interface SharedOptions extends ModelSettings {
  readonly json: boolean;
}

/** Declares what says which model. */
export const addModelOptions = (
  command: Command,
  lastLayer: LastLayer = TASK_DEFAULTS.lastLayer,
): Command =>
  command
    .option(
      '--model <name>',
      'minilm, roberta-base, bert-base, or a model folder',
      TASK_DEFAULTS.model,
    )
    .option('--random-weights', 'draw all weights from the seed', TASK_DEFAULTS.randomWeights)
    .addOption(lastLayerOption(lastLayer));

/** `--last-layer`. */
export const lastLayerOption = (usual: LastLayer = TASK_DEFAULTS.lastLayer): Option =>
  new Option(
    '--last-layer <rows>',
    'rows that the last layer computes: those of the first tokens, which alone are looked at, or all',
  )
    .choices(LAST_LAYERS)
    .default(usual);

/** Declares `--pad-to`. */
export const addPadToOption = (command: Command): Command =>
  command.option(
    '--pad-to <n>',
    'tokens that each example is padded to, for figures that are measured so (default: nothing is padded)',
    wholeNumber(1),
  );

/**
 * Declares the shared options.
 *
 * @param defaults examples of a step, tokens of an example, what the last layer computes, and what is said
 * of the rate unless given
 */
export function addSharedOptions(
  command: Command,
  defaults: {
    readonly batchSize: number;
    readonly sequence: number;
    readonly lastLayer?: LastLayer;
    readonly rate?: string;
  },
): Command {
  const declared = addModelOptions(addEstimatorOptions(command, defaults.rate), defaults.lastLayer);
  addBackendOptions(declared)
    .addOption(keepOption('what is kept in few bits: gelu=3,norm=8,attention=8'))
    .addOption(recomputeOption())
    .option('--batch-size <n>', 'examples in a step', wholeNumber(1), defaults.batchSize)
    .option('--sequence <n>', 'tokens in an example, at most', wholeNumber(1), defaults.sequence);
  return addSeedAndJson(declared);
}
