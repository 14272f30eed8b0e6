import {
  dense,
  dropout,
  type GradientEstimator,
  input,
  type KeepChoice,
  type LayerEstimators,
  newKey,
  type SparseMatrix,
  sparseMatrix,
  type Value,
} from '@sketchgrad/core';
import type { GraphNetworkConfig } from './config.js';

/** The sizes of one pass over a graph, for which it is traced. */
export interface GraphShape {
  readonly nodes: number;
  /** Entries of the normalised adjacency: two an edge, one a node. */
  readonly entries: number;
  /** Nodes that the loss is of. */
  readonly rows: number;
}

/** How to build a pass over a graph. */
export interface GraphBuildOptions {
  readonly shape: GraphShape;
  /** Dropout, statistics of the batch, and the input `key`; else none of that. */
  readonly training: boolean;
  /**
   * For every linear layer, one for all or chosen by layer; `dense` by default. Layers are called
   * `convs.3` (`convs.3.initial` for the separate weights of the first layer's output), and in GCNII
   * also `lins.0` and `lins.1`.
   */
  readonly estimator?: GradientEstimator | LayerEstimators;
  /** What batch norms keep in few bits; the graph is rewritten for it, by core's `compressKept`. */
  readonly keep?: Pick<KeepChoice, 'norm'>;
}

/** What the layers of one traced pass share. */
export interface GraphPass {
  readonly config: GraphNetworkConfig;
  readonly shape: GraphShape;
  readonly training: boolean;
  /** D^−½ (A + I) D^−½, [nodes, nodes]. */
  readonly adjacency: SparseMatrix;
  readonly estimator: GradientEstimator | LayerEstimators;
  /** Seed and step, i32 [2]; undefined without randomness. */
  readonly key: Value | undefined;
}

/** Starts a pass within core's `trace`, declaring the inputs that are the adjacency matrix. */
export function startGraphPass(
  config: GraphNetworkConfig,
  { shape, training, estimator = dense() }: GraphBuildOptions,
): GraphPass {
  const { nodes, entries } = shape;
  const adjacency = sparseMatrix(
    {
      rows: nodes,
      columns: nodes,
      rowPointers: input('rowPointers', [nodes + 1], 'i32'),
      columnIndices: input('columnIndices', [entries], 'i32'),
      values: input('edgeWeights', [entries]),
    },
    'symmetric',
  );
  return {
    config,
    shape,
    training,
    adjacency,
    // Without a backward pass nothing is kept, so nothing needs to be estimated.
    estimator: training ? estimator : dense(),
    key: training ? input('key', [2], 'i32') : undefined,
  };
}

/** Dropout while training, under a stream of its own. f32, any shape. */
export const dropFeatures = (x: Value, { config, key }: GraphPass): Value =>
  key ? dropout(x, { rate: config.dropout, key: newKey(key) }) : x;
