import { UsageError } from '@sketchgrad/core';
import type { NodeDataset } from '@sketchgrad/datasets';
import { GraphNetwork } from '@sketchgrad/models';
import { networkDefaults } from '../options/defaults.js';
import type { SharedOptions } from '../options/shared.js';
import type { TrainingOptions } from '../options/training.js';
import type { WaysOptions } from '../options/ways.js';

/** What GCN has not. */
const OF_GCN2 = {
  alpha: '--alpha',
  lambda: '--lambda',
  separateWeights: '--separate-weights',
  convolutionPenalty: '--convolution-penalty',
} as const;

/**
 * The network for a data set: what the options say, and else what was published.
 * @throws UsageError for an option that the network has no use for
 */
export function networkFor(
  options: SharedOptions &
    Pick<TrainingOptions, 'convolutionPenalty'> &
    Partial<Pick<WaysOptions, 'ways'>>,
  data: NodeDataset,
): GraphNetwork {
  const { model } = options;
  const defaults = networkDefaults(data.name, model);
  const foreign = Object.entries(OF_GCN2).find(
    ([name]) => options[name as keyof typeof OF_GCN2] !== undefined,
  );
  if (model === 'gcn' && foreign)
    throw new UsageError(`${foreign[1]} is of gcn2 alone: leave it out, or choose --model gcn2`);
  const shared = {
    inputs: data.features.columns,
    classes: data.classes,
    multiLabel: data.multiLabel,
    layers: options.layers ?? defaults.layers,
    hidden: options.hidden ?? defaults.hidden,
    dropout: options.dropout ?? defaults.dropout,
    dropInput: options.dropInput ?? defaults.dropInput,
    batchNorm: options.batchNorm ?? defaults.batchNorm,
    residual: options.residual ?? defaults.residual,
  };
  const kept = [options.keep, ...(options.ways ?? []).map(({ keep }) => keep)];
  // GCN has these between its layers, GCNII after each.
  const between = model !== 'gcn' || shared.layers > 1;
  for (const [flag, told] of [
    ['--batch-norm', options.batchNorm],
    ['--residual', options.residual],
  ] as const)
    if (told && !between)
      throw new UsageError(`${flag} has no use with --layers 1: nothing is between layers`);
  if (shared.dropout === 0 && options.dropInput)
    throw new UsageError('--drop-input has no use with --dropout 0: nothing is dropped');
  if (!(shared.batchNorm && between) && kept.some((keep) => keep?.norm !== undefined))
    throw new UsageError(
      `norm=… has nothing to keep: the network for '${data.name}' has no batch norm; leave it out${between ? ', or add --batch-norm' : ''}`,
    );
  if (model === 'gcn') return new GraphNetwork({ model, ...shared });
  return new GraphNetwork({
    model,
    ...shared,
    alpha: options.alpha ?? defaults.alpha,
    lambda: options.lambda ?? defaults.lambda,
    sharedWeights: options.separateWeights ? false : defaults.sharedWeights,
  });
}

/** `cora, gcn 2 × 16` */
export const describeNetwork = (
  { dataset }: Pick<SharedOptions, 'dataset'>,
  { config: { model, layers, hidden } }: GraphNetwork,
): string => `${dataset}, ${model} ${layers} × ${hidden}`;
