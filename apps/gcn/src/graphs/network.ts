import type { NodeDataset } from '@sketchgrad/datasets';
import { GraphNetwork } from '@sketchgrad/models';
import { networkDefaults } from '../options/defaults.js';
import type { SharedOptions } from '../options/shared.js';

/** The network for a data set: what the options say, and else what was published. */
export function networkFor(options: SharedOptions, data: NodeDataset): GraphNetwork {
  const { dataset, model } = options;
  const defaults = networkDefaults(dataset, model);
  const shared = {
    inputs: data.features.columns,
    classes: data.classes,
    multiLabel: data.multiLabel,
    layers: options.layers ?? defaults.layers,
    hidden: options.hidden ?? defaults.hidden,
    dropout: options.dropout ?? defaults.dropout,
    dropInput: defaults.dropInput,
    batchNorm: options.batchNorm ?? defaults.batchNorm,
    residual: options.residual ?? defaults.residual,
  };
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
