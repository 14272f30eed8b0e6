import type { ModelParameter, Shape } from '@sketchgrad/core';
import type { GraphNetworkConfig } from './config.js';

/** How a parameter starts: drawn, all ones, or all zeros. */
type Start = 'glorot' | 'fan-in' | 'ones' | 'zeros';

/** One trainable tensor of a graph network, f32. */
export interface GraphParameter extends ModelParameter {
  readonly start: Start;
  /** Inputs of the layer, which its random start depends on. */
  readonly inputs: number;
}

/** A tensor that training changes without a gradient: a running mean or variance. */
export interface GraphStatistic {
  readonly name: string;
  readonly shape: Shape;
  readonly start: 'ones' | 'zeros';
}

/** The trainable tensors in the order of the forward pass. */
export function graphParameters(config: GraphNetworkConfig): GraphParameter[] {
  const { inputs, hidden, classes, layers } = config;
  const weight = (name: string, outputs: number, inputs: number, start: Start) => ({
    ...{ name, shape: [outputs, inputs], decay: true, start, inputs },
  });
  const vector = (name: string, size: number, start: Start, inputs: number): GraphParameter => ({
    ...{ name, shape: [size], decay: false, start, inputs },
  });
  const norm = (layer: number) =>
    config.batchNorm
      ? [
          vector(`bns.${layer}.weight`, hidden, 'ones', hidden),
          vector(`bns.${layer}.bias`, hidden, 'zeros', hidden),
        ]
      : [];
  const each = Array.from({ length: layers }, (_, layer) => layer);
  if (config.model === 'gcn')
    return each.flatMap((layer) => {
      const from = layer === 0 ? inputs : hidden;
      const to = layer === layers - 1 ? classes : hidden;
      return [
        weight(`convs.${layer}.lin.weight`, to, from, 'glorot'),
        ...(layer === layers - 1 || !config.batchNorm
          ? [vector(`convs.${layer}.bias`, to, 'zeros', from)]
          : norm(layer)),
      ];
    });
  const outer = (name: string, outputs: number, inputs: number) => [
    weight(`${name}.weight`, outputs, inputs, 'fan-in'),
    vector(`${name}.bias`, outputs, 'fan-in', inputs),
  ];
  const square = (name: string) => weight(name, hidden, hidden, 'glorot');
  return [
    ...outer('lins.0', hidden, inputs),
    ...each.flatMap((layer) => [
      square(`convs.${layer}.lin1.weight`),
      ...(config.sharedWeights ? [] : [square(`convs.${layer}.lin2.weight`)]),
      ...norm(layer),
    ]),
    ...outer('lins.1', classes, hidden),
  ];
}

/** The running statistics of batch normalisation, where there is any. */
export function graphStatistics(config: GraphNetworkConfig): GraphStatistic[] {
  const { model, batchNorm, layers, hidden } = config;
  const count = batchNorm ? layers - (model === 'gcn' ? 1 : 0) : 0;
  return Array.from({ length: count }, (_, layer): GraphStatistic[] => [
    { name: `bns.${layer}.running_mean`, shape: [hidden], start: 'zeros' },
    { name: `bns.${layer}.running_var`, shape: [hidden], start: 'ones' },
  ]).flat();
}
