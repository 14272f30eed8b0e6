import { checkFlag, checkMembers, checkOptions, describeValue, UsageError } from '@sketchgrad/core';

/** What all graph networks have in common. */
interface SharedConfig {
  /** Features of a node. */
  readonly inputs: number;
  readonly classes: number;
  /** Whether a node has a yes or no for each class, not one class. */
  readonly multiLabel: boolean;
  /** Graph convolutions. */
  readonly layers: number;
  /** Features between them. */
  readonly hidden: number;
  /** Share of features dropped before each layer, in [0, 1). */
  readonly dropout: number;
  /** Whether the first layer's input, the features of the nodes, is dropped too. */
  readonly dropInput: boolean;
  /** Batch normalisation after each convolution but the classifier. */
  readonly batchNorm: boolean;
  /** Adds a convolution's input to its output, where both have `hidden` features. */
  readonly residual: boolean;
}

/** Graph convolutional network (arXiv 1609.02907). */
export interface GcnConfig extends SharedConfig {
  readonly model: 'gcn';
}

/** GCNII (arXiv 2007.02133): deep, with the first layer's output added to each convolution. */
export interface Gcn2Config extends SharedConfig {
  readonly model: 'gcn2';
  /** Share of the first layer's output in each convolution's input, in [0, 1]. */
  readonly alpha: number;
  /** λ of β_l = ln(λ/l + 1), the share of the weights in layer l; the rest is the identity. */
  readonly lambda: number;
  /** Whether neighbours and first layer's output share their weights. */
  readonly sharedWeights: boolean;
}

/** A graph network for node classification. */
export type GraphNetworkConfig = GcnConfig | Gcn2Config;

/** The names of the models. */
export const GRAPH_MODELS = ['gcn', 'gcn2'] as const satisfies GraphNetworkConfig['model'][];

type Names = Readonly<Record<string, true>>;
const SHARED: Names = {
  ...{ model: true, inputs: true, classes: true, multiLabel: true, layers: true, hidden: true },
  ...{ dropout: true, dropInput: true, batchNorm: true, residual: true },
};
const GCN2: Names = { alpha: true, lambda: true, sharedWeights: true };

/** @throws UsageError naming all settings that are missing, or the first that no network can have */
export function checkGraphConfig(config: GraphNetworkConfig): void {
  const refuse = (name: string, value: unknown, accepted: string) => {
    throw new UsageError(`${name} must be ${accepted}, but it is ${describeValue(value)}`);
  };
  checkMembers('the config', config, {
    accepted: "a network's settings, { model: 'gcn', layers: 2, … }",
    members: {},
  });
  const names = config.model === 'gcn2' ? { ...SHARED, ...GCN2 } : SHARED;
  checkOptions<Readonly<Record<string, unknown>>>(
    `the network ${describeValue(config.model)}`,
    { ...config },
    names,
  );
  if (config.model !== undefined && !GRAPH_MODELS.includes(config.model))
    refuse('model', config.model, `one of ${GRAPH_MODELS.join(', ')}`);
  const missing = Object.keys(names).filter((name) => config[name as keyof object] === undefined);
  if (missing.length > 0)
    throw new UsageError(
      `the config must have ${missing.join(', ')} as well: it is ${describeValue(config)}`,
    );
  for (const name of ['multiLabel', 'dropInput', 'batchNorm', 'residual'] as const)
    checkFlag(name, config[name]);
  for (const name of ['inputs', 'classes', 'layers', 'hidden'] as const)
    if (!Number.isSafeInteger(config[name]) || config[name] < 1)
      refuse(name, config[name], 'a whole number, at least 1');
  if (!(config.dropout >= 0 && config.dropout < 1))
    refuse('dropout', config.dropout, 'at least 0 and below 1');
  if (config.model === 'gcn') return;
  if (!(config.alpha >= 0 && config.alpha <= 1)) refuse('alpha', config.alpha, 'from 0 to 1');
  if (!(config.lambda > 0 && Number.isFinite(config.lambda)))
    refuse('lambda', config.lambda, 'a number above 0');
  checkFlag('sharedWeights', config.sharedWeights);
}
