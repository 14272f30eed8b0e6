import { UsageError } from '@sketchgrad/core';
import type { NodeDataset } from '@sketchgrad/datasets';
import { GraphNetwork } from '@sketchgrad/models';
import { networkDefaults } from './defaults.js';
import type { GraphComparisonSettings, GraphSettings, GraphTrainingSettings } from './settings.js';

/** What GCN has not. */
const OF_GCN2 = {
  alpha: '--alpha',
  lambda: '--lambda',
  separateWeights: '--separate-weights',
  convolutionPenalty: '--convolution-penalty',
} as const;

/** Options that say what a network is like. */
export type NetworkOptions = GraphSettings &
  Partial<
    Pick<GraphTrainingSettings, 'convolutionPenalty'> & Pick<GraphComparisonSettings, 'ways'>
  >;

/**
 * What a network is like whatever the graph: what the options say, and else what was published for a
 * data set of this name.
 * @throws UsageError for an option that the network has no use for
 */
export function networkSettings(options: NetworkOptions, dataset: string) {
  const { model } = options;
  const defaults = networkDefaults(dataset, model);
  const foreign = Object.entries(OF_GCN2).find(
    ([name]) => options[name as keyof typeof OF_GCN2] !== undefined,
  );
  if (model === 'gcn' && foreign)
    throw new UsageError(`${foreign[1]} is of gcn2 alone: leave it out, or choose --model gcn2`);
  const shared = {
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
      `norm=… has nothing to keep: the network for '${dataset}' has no batch norm; leave it out${between ? ', or add --batch-norm' : ''}`,
    );
  if (model === 'gcn') return { model, ...shared };
  return {
    model,
    ...shared,
    alpha: options.alpha ?? defaults.alpha,
    lambda: options.lambda ?? defaults.lambda,
    sharedWeights: options.separateWeights ? false : defaults.sharedWeights,
  };
}

/** The network for a graph. @throws UsageError for an option that the network has no use for */
export const networkFor = (options: NetworkOptions, data: NodeDataset): GraphNetwork =>
  new GraphNetwork({
    ...networkSettings(options, data.name),
    inputs: data.features.columns,
    classes: data.classes,
    multiLabel: data.multiLabel,
  });

/** `cora, gcn 2 × 16` */
export const describeNetwork = (
  { dataset }: Pick<GraphSettings, 'dataset'>,
  { config: { model, layers, hidden } }: GraphNetwork,
): string => `${dataset}, ${model} ${layers} × ${hidden}`;
