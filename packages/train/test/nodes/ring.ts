import {
  crossEntropy,
  dense,
  dropout,
  estimatorOf,
  gather,
  input,
  keepInput,
  linear,
  type NodeData,
  newKey,
  parameter,
  sparseMatmul,
  sparseMatrix,
} from '@sketchgrad/core';
import type { NodeModel } from '../../src/index.js';

const NODES = 24;
const FEATURES = 4;

/** A ring of nodes whose class is told by their features and their neighbours', with some noise. */
export function ring(name = 'ring'): NodeData & { readonly multiLabel: false } {
  const each = <T>(value: (node: number) => T) => Array.from({ length: NODES }, (_, n) => value(n));
  const labels = each((node) => Math.floor((3 * node) / NODES));
  const noise = (i: number) => Math.sin(12.9898 * (i + 1)) / 3;
  return {
    name,
    graph: {
      nodes: NODES,
      rowPointers: Int32Array.from({ length: NODES + 1 }, (_, node) => 2 * node),
      columnIndices: Int32Array.from(
        each((n) => [(n + NODES - 1) % NODES, (n + 1) % NODES].sort((a, b) => a - b)).flat(),
      ),
    },
    features: {
      columns: FEATURES,
      data: Float32Array.from(
        { length: NODES * FEATURES },
        (_, i) => +(labels[Math.floor(i / FEATURES)] === i % FEATURES) + noise(i),
      ),
    },
    labels: Int32Array.from(labels),
    classes: 3,
    multiLabel: false,
    split: {
      train: Int32Array.from(each((n) => n).filter((n) => n % 3 === 0)),
      valid: Int32Array.from(each((n) => n).filter((n) => n % 3 === 1)),
      test: Int32Array.from(each((n) => n).filter((n) => n % 3 === 2)),
    },
  };
}

/** Neighbours' features added up, dropout, and a linear layer, `layer`. */
export const neighbourModel: NodeModel = {
  parameters: [
    { name: 'layer.weight', shape: [3, FEATURES], decay: true },
    { name: 'layer.bias', shape: [3], decay: false },
  ],
  statistics: [],
  build({ shape: { nodes, entries, rows }, training, estimator = dense() }) {
    const matrix = sparseMatrix(
      {
        rows: nodes,
        columns: nodes,
        rowPointers: input('rowPointers', [nodes + 1], 'i32'),
        columnIndices: input('columnIndices', [entries], 'i32'),
      },
      'symmetric',
    );
    const key = training ? input('key', [2], 'i32') : undefined;
    const sums = sparseMatmul(matrix, input('features', [nodes, FEATURES]));
    const x = key ? dropout(sums, { rate: 0.2, key: newKey(key) }) : sums;
    const chosen = estimatorOf(estimator, {
      ...{ name: 'layer', rows: nodes, inputs: FEATURES, outputs: 3 },
    });
    const kept = keepInput(x, {
      ...{ estimator: training ? chosen : dense(), name: 'layer' },
      ...(key && chosen.random ? { key: newKey(key) } : {}),
    });
    const weight = parameter('layer.weight', [3, FEATURES]);
    const predictions = linear(kept, weight, parameter('layer.bias', [3]));
    const labelled = gather(predictions, input('rows', [rows], 'i32'));
    return { loss: crossEntropy(labelled, input('labels', [rows], 'i32'))[0], predictions };
  },
  batch({ graph, features, labels }, rows) {
    const { nodes, rowPointers, columnIndices } = graph;
    return {
      shape: { nodes, entries: columnIndices.length, rows: rows.length },
      inputs: {
        ...{ rowPointers, columnIndices, rows, features: features.data },
        labels: rows.map((node) => labels[node]!),
      },
    };
  },
  async initialize(state) {
    await state.write('layer.weight', new Float32Array(3 * FEATURES));
  },
};
