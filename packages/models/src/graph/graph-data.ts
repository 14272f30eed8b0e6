import {
  type NodeBatch,
  type NodeData,
  type NodeShape,
  type TensorData,
  UsageError,
} from '@sketchgrad/core';
import { checkGraphData, checkNodeBatch, checkNumbers } from '../checks/kinds.js';
import { normalizedAdjacency } from './adjacency.js';
import type { GraphNetworkConfig } from './config.js';

/** A graph with what its nodes have, whatever it is judged by. */
export type LabelledNodes = Pick<NodeData, 'graph' | 'features' | 'labels'>;

/**
 * The inputs of a pass over all of a graph, with the loss of some of its nodes.
 *
 * @param rows the nodes that the loss is of
 * @throws UsageError for features or labels that do not fit the network or the nodes, no rows, or
 * one without a label or with one that is no class
 */
export function graphBatch(
  config: GraphNetworkConfig,
  data: LabelledNodes,
  rows: Int32Array,
): NodeBatch {
  checkGraphData(data);
  checkNumbers('rows', rows, [Int32Array]);
  const { inputs, classes, multiLabel } = config;
  const { graph, features, labels } = data;
  const expect = (what: string, found: number, wanted: number) => {
    if (found !== wanted) throw new UsageError(`${what}: ${found}, expected ${wanted}`);
  };
  expect('features of a node', features.columns, inputs);
  expect('features of all nodes', features.data.length, graph.nodes * inputs);
  expect('labels', labels.length, multiLabel ? graph.nodes * classes : graph.nodes);
  if (rows.length === 0) throw new UsageError('the loss needs at least one node');
  const wrong = rows.find((row) => !(row >= 0 && row < graph.nodes));
  if (wrong !== undefined)
    throw new UsageError(`there is no node ${wrong}; there are 0 to ${graph.nodes - 1}`);
  const { rowPointers, columnIndices, values } = normalizedAdjacency(graph);
  return {
    shape: { nodes: graph.nodes, entries: columnIndices.length, rows: rows.length },
    inputs: {
      rowPointers,
      columnIndices,
      edgeWeights: values,
      features: features.data,
      rows,
      labels: multiLabel ? manyLabels(labels, rows, classes) : oneLabel(labels, rows, classes),
    },
  };
}

/** @throws UsageError for sizes that are not spare ones, or of which one is too small */
export function widenedBatch(
  { inputs: features, classes, multiLabel }: GraphNetworkConfig,
  batch: NodeBatch,
  shape: NodeShape,
): NodeBatch {
  checkNodeBatch(batch, shape);
  const { inputs, shape: own } = batch;
  for (const name of ['nodes', 'entries', 'rows'] as const)
    if (shape[name] < own[name])
      throw new UsageError(`a batch of ${own[name]} ${name} cannot be widened to ${shape[name]}`);
  const { nodes, entries, rows } = shape;
  const sizes = {
    ...{ rowPointers: nodes + 1, columnIndices: entries, edgeWeights: entries },
    ...{ features: nodes * features, rows, labels: multiLabel ? rows * classes : rows },
  };
  const wide = Object.fromEntries(
    Object.entries(sizes).map(([name, size]) => [name, zerosBehind(inputs[name]!, size)]),
  );
  // Rows of no entries.
  wide.rowPointers!.fill(own.entries, own.nodes + 1);
  const used = { usedNodes: own.nodes, usedRows: own.rows };
  for (const [name, count] of Object.entries(used)) wide[name] = Int32Array.of(0, count);
  return { shape, inputs: wide };
}

function zerosBehind(data: TensorData, size: number): TensorData {
  const wide = data instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);
  wide.set(data);
  return wide;
}

function oneLabel(labels: ArrayLike<number>, rows: Int32Array, classes: number): Int32Array {
  return rows.map((node) => {
    const label = labels[node]!;
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new UsageError(`node ${node} has the label ${label}; there are 0 to ${classes - 1}`);
    return label;
  });
}

function manyLabels(labels: ArrayLike<number>, rows: Int32Array, classes: number): Float32Array {
  const targets = new Float32Array(rows.length * classes);
  for (const [row, node] of rows.entries())
    for (let label = 0; label < classes; label++) {
      const target = labels[node * classes + label]!;
      if (target !== 0 && target !== 1)
        throw new UsageError(`node ${node} has ${target} for the label ${label}; accepted: 0 or 1`);
      targets[row * classes + label] = target;
    }
  return targets;
}
