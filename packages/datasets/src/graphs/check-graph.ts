import {
  type CsrGraph,
  checkMembers,
  describeValue,
  type ObjectKind,
  UsageError,
} from '@sketchgrad/core';
import type { NodeDataset } from './dataset.js';

const GRAPH: ObjectKind = {
  accepted: 'a graph in compressed rows, such as undirectedGraph() gives',
  members: { nodes: 'number', rowPointers: 'object', columnIndices: 'object' },
};

const DATASET: ObjectKind = {
  accepted: 'a graph with labelled nodes, such as await readNodeDataset(folder) gives',
  members: { graph: 'object', features: 'object', labels: 'object', split: 'object' },
};

const SPLIT: ObjectKind = {
  accepted: 'the nodes to train on, to validate and to test by',
  members: { train: 'object', valid: 'object', test: 'object' },
};

/** @throws UsageError for what is no graph */
export function checkGraph(name: string, value: unknown): void {
  checkMembers(name, value, GRAPH);
  const { rowPointers, columnIndices } = value as CsrGraph;
  checkIndices(`${name}'s rowPointers`, rowPointers);
  checkIndices(`${name}'s columnIndices`, columnIndices);
}

/** @throws UsageError for what is no graph with labelled nodes */
export function checkDataset(value: unknown): void {
  checkMembers('dataset', value, DATASET);
  const { graph, split } = value as NodeDataset;
  checkGraph("dataset's graph", graph);
  checkMembers("dataset's split", split, SPLIT);
}

/** @throws UsageError for what are no indices in an Int32Array */
export function checkIndices(name: string, value: unknown): void {
  if (!(value instanceof Int32Array))
    throw new UsageError(`${name} must be an Int32Array, but it is ${describeValue(value)}`);
}
