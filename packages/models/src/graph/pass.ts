import {
  type BuildOptions,
  dense,
  dropout,
  type GradientEstimator,
  input,
  KEY_INPUT,
  type LayerEstimators,
  type NodeShape,
  newKey,
  type SparseMatrix,
  sparseMatrix,
  type Value,
  zeroRowsBehind,
} from '@sketchgrad/core';
import type { GraphNetworkConfig } from './config.js';

/** What the layers of one traced pass share. */
export interface GraphPass {
  readonly config: GraphNetworkConfig;
  readonly shape: NodeShape;
  readonly training: boolean;
  /** D^−½ (A + I) D^−½, [nodes, nodes]. */
  readonly adjacency: SparseMatrix;
  readonly estimator: GradientEstimator | LayerEstimators;
  /** Seed and step, i32 [2]; undefined without randomness. */
  readonly key: Value | undefined;
  /** 0 and how many nodes there are, i32 [2]; undefined where all rows are a node's. */
  readonly usedNodes: Value | undefined;
  /** As many of the nodes that the loss is of. */
  readonly usedRows: Value | undefined;
}

/**
 * Starts a pass within core's `trace`, declaring the inputs that are the adjacency matrix, and where there
 * may be fewer nodes than the sizes say those that tell.
 */
export function startGraphPass(
  config: GraphNetworkConfig,
  { shape, training, estimator = dense() }: BuildOptions<NodeShape>,
): GraphPass {
  const { nodes, entries, spare = false } = shape;
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
    key: training ? input(KEY_INPUT, [2], 'i32') : undefined,
    usedNodes: spare ? input('usedNodes', [2], 'i32') : undefined,
    usedRows: spare ? input('usedRows', [2], 'i32') : undefined,
  };
}

/** Dropout while training, under a stream of its own. f32, any shape. */
export const dropFeatures = (x: Value, { config, key }: GraphPass): Value =>
  key ? dropout(x, { rate: config.dropout, key: newKey(key) }) : x;

/**
 * x with zeros in the rows that are no node's, where there may be some: what a bias has made of them, or
 * what the inputs hold there, is not to be kept, sketched or counted. f32 [nodes, features] → the same.
 */
export const zeroUnused = (x: Value, { usedNodes }: GraphPass): Value =>
  usedNodes ? zeroRowsBehind(x, usedNodes) : x;
