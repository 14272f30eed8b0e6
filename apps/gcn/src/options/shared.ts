import {
  addBackendOptions,
  addEstimatorOptions,
  addSeedAndJson,
  keepOption,
  orInvalid,
  positiveNumber,
  recomputeOption,
  refuseUnused,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import {
  type Clusters,
  DATASETS,
  GRAPH_DEFAULTS,
  GRAPH_KEPT,
  type GraphSettings,
  isNamed,
} from '@sketchgrad/bench/node';
import { UsageError } from '@sketchgrad/core';
import { ogbNames } from '@sketchgrad/datasets/node';
import { GRAPH_MODELS } from '@sketchgrad/models';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Options that all commands have, `--estimator` aside: some commands take several. */
export interface SharedOptions extends GraphSettings {
  readonly json: boolean;
}

/** Declares the shared options. */
export function addSharedOptions(command: Command): Command {
  const declared = addEstimatorOptions(command)
    .option(
      '--dataset <name>',
      `${DATASETS.join(', ')}, or the folder of one`,
      GRAPH_DEFAULTS.dataset,
    )
    .option('--data <dir>', 'the folder that the data set is in; wordnet needs none')
    .option(
      '--download',
      `fetch the data set into --data where it is not there: ${ogbNames.join(', ')}`,
      GRAPH_DEFAULTS.download,
    )
    .addOption(
      new Option('--model <name>', 'the network')
        .choices(GRAPH_MODELS)
        .default(GRAPH_DEFAULTS.model),
    )
    .option(
      '--layers <n>',
      'graph convolutions (default: as published for the data set)',
      wholeNumber(1),
    )
    .option('--hidden <n>', 'features between them (default: as published)', wholeNumber(1))
    .option(
      '--dropout <share>',
      'share of features dropped before each layer (default: as published)',
      share,
    )
    .option('--drop-input', 'drop of the input features too (default: as published)')
    .option('--no-drop-input', 'do not')
    .option(
      '--batch-norm',
      'normalise over the nodes after each convolution (default: as published)',
    )
    .option('--no-batch-norm', 'do not')
    .option('--residual', "add a convolution's input to its output (default: as published)")
    .option('--no-residual', 'do not')
    .option(
      '--alpha <share>',
      "gcn2: share of the first layer's output in each layer (default: as published)",
      share,
    )
    .option(
      '--lambda <number>',
      'gcn2: how much later layers differ (default: as published)',
      positiveNumber(),
    )
    .option(
      '--separate-weights',
      "gcn2: other weights for the first layer's output (default: as published)",
    )
    .option('--normalize-rows', "divide each node's features by their sum (default: as published)")
    .option('--no-normalize-rows', 'do not');
  addBackendOptions(declared)
    .addOption(recomputeOption())
    .addOption(keepOption('what batch norms keep in few bits: norm=8', GRAPH_KEPT));
  return addSeedAndJson(declared).hook('preAction', (each) => {
    const { dataset } = each.opts<SharedOptions>();
    if (dataset === 'wordnet')
      refuseUnused(
        each,
        ['data', 'download'],
        'with the data set wordnet, which comes with the package: for another add --dataset, its name or its folder',
      );
    else if (!isNamed(dataset))
      refuseUnused(
        each,
        ['data', 'download'],
        `with a folder as --dataset: a named data set, one of ${DATASETS.join(', ')}, is read from --data`,
      );
  });
}

/** Parses a number ≥ 0. */
export function penalty(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number of at least 0.');
}

function share(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('It must be a number of at least 0 and below 1.');
}

/** Parses `clusters:32` or `clusters:32:4`, or `full`. */
export const batchOption = (text: string): Clusters | 'full' =>
  orInvalid(() => {
    if (text === 'full') return text;
    const [, parts, perBatch] = /^clusters:(\d+)(?::(\d+))?$/.exec(text) ?? [];
    const found = { parts: Number(parts), perBatch: Number(perBatch ?? 1) };
    if (found.parts >= 1 && found.perBatch > found.parts)
      throw new UsageError(
        `${found.perBatch} parts in a step are more than the ${found.parts} parts of '${text}'`,
      );
    if (found.parts >= 1 && found.perBatch >= 1) return found;
    throw new UsageError(
      `'${text}' is neither full nor clusters:PARTS nor clusters:PARTS:PARTS_IN_A_STEP`,
    );
  });
