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
  type TensorData,
  zeroRowsBehind,
} from '@sketchgrad/core';
import type { NodeModel, NodePart } from '../../src/index.js';

const FEATURES = 4;

/** A ring of nodes whose class is told by their features and their neighbours', with some noise. */
export function ring(name = 'ring', count = 24): NodeData & { readonly multiLabel: false } {
  const each = <T>(value: (node: number) => T) => Array.from({ length: count }, (_, n) => value(n));
  const labels = each((node) => Math.floor((3 * node) / count));
  const noise = (i: number) => Math.sin(12.9898 * (i + 1)) / 3;
  return {
    name,
    graph: {
      nodes: count,
      rowPointers: Int32Array.from({ length: count + 1 }, (_, node) => 2 * node),
      columnIndices: Int32Array.from(
        each((n) => [(n + count - 1) % count, (n + 1) % count].sort((a, b) => a - b)).flat(),
      ),
    },
    features: {
      columns: FEATURES,
      data: Float32Array.from(
        { length: count * FEATURES },
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

/** So many nodes of a ring from one on, without the edges that lead out of them. */
export function arc(whole: NodeData, first: number, count: number): NodePart {
  const nodes = Int32Array.from({ length: count }, (_, node) => first + node);
  const within = (part: Int32Array) =>
    part.filter((node) => node >= first && node < first + count).map((node) => node - first);
  const { train, valid, test } = whole.split;
  const { columns, data } = whole.features;
  return {
    nodes,
    dataset: {
      ...whole,
      graph: {
        nodes: count,
        rowPointers: Int32Array.from({ length: count + 1 }, (_, node) =>
          node === 0 ? 0 : Math.min(2 * node - 1, 2 * count - 2),
        ),
        columnIndices: Int32Array.from(
          [...nodes.keys()].flatMap((n) => [n - 1, n + 1].filter((m) => m >= 0 && m < count)),
        ),
      },
      features: { columns, data: data.slice(first * columns, (first + count) * columns) },
      labels: whole.labels.slice(first, first + count),
      split: { train: within(train), valid: within(valid), test: within(test) },
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
  build({ shape: { nodes, entries, rows, spare }, training, estimator = dense() }) {
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
    const used = spare ? input('usedNodes', [2], 'i32') : undefined;
    const usedRows = spare ? input('usedRows', [2], 'i32') : undefined;
    const all = sparseMatmul(matrix, input('features', [nodes, FEATURES]));
    const sums = used ? zeroRowsBehind(all, used) : all;
    const x = key ? dropout(sums, { rate: 0.2, key: newKey(key) }) : sums;
    const chosen = estimatorOf(estimator, {
      ...{ name: 'layer', rows: nodes, inputs: FEATURES, outputs: 3 },
      ...(used && { used }),
    });
    const kept = keepInput(x, {
      ...{ estimator: training ? chosen : dense(), name: 'layer' },
      ...(key && chosen.random ? { key: newKey(key) } : {}),
    });
    const weight = parameter('layer.weight', [3, FEATURES]);
    const predictions = linear(kept, weight, parameter('layer.bias', [3]));
    const labelled = gather(predictions, input('rows', [rows], 'i32'));
    return {
      loss: crossEntropy(labelled, input('labels', [rows], 'i32'), usedRows)[0],
      predictions,
    };
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
  widen({ shape: own, inputs }, shape) {
    const { nodes, entries, rows } = shape;
    const { rowPointers, columnIndices, features, labels } = inputs;
    const sized = <Data extends TensorData>(wide: Data, data: TensorData): Data => {
      wide.set(data);
      return wide;
    };
    const pointers = sized(new Int32Array(nodes + 1), rowPointers!);
    return {
      shape,
      inputs: {
        rowPointers: pointers.fill(own.entries, own.nodes + 1),
        columnIndices: sized(new Int32Array(entries), columnIndices!),
        features: sized(new Float32Array(nodes * FEATURES), features!),
        rows: sized(new Int32Array(rows), inputs.rows!),
        labels: sized(new Int32Array(rows), labels!),
        usedNodes: Int32Array.of(0, own.nodes),
        usedRows: Int32Array.of(0, own.rows),
      },
    };
  },
  async initialize(state) {
    await state.write('layer.weight', new Float32Array(3 * FEATURES));
  },
};
