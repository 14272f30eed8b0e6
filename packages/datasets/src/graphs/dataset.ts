import type { NodeData } from '@sketchgrad/core';
import { checkDataset } from './check-graph.js';
/** A matrix of features by rows, a row a node. */
export interface NodeFeatures {
  readonly rows: number;
  readonly columns: number;
  /** [rows × columns] */
  readonly data: Float32Array;
}

/** The nodes to learn from, to choose by, and to judge by; no node is in two of them. */
export type NodeSplit = NodeData['split'];

/** The score that a node classification is judged by. */
export type NodeMetric = 'accuracy' | 'micro-f1';

/** What every node classification has, whatever its labels are. */
interface NodeDatasetBase extends NodeData {
  readonly features: NodeFeatures;
}

/** Every node has one class. */
export interface SingleLabelDataset extends NodeDatasetBase {
  readonly multiLabel: false;
  readonly metric: 'accuracy';
  /** [nodes], 0 … classes − 1; −1 for a node without a label, which is in no split. */
  readonly labels: Int32Array;
}

/** Every node has a yes or no for each class. */
export interface MultiLabelDataset extends NodeDatasetBase {
  readonly multiLabel: true;
  readonly metric: 'micro-f1';
  /** [nodes × classes], 0 or 1. */
  readonly labels: Uint8Array;
}

/** A graph whose nodes are to be classified. */
export type NodeDataset = SingleLabelDataset | MultiLabelDataset;

/** Bytes that a data set's arrays take in memory. */
export function nodeDatasetBytes(dataset: NodeDataset): number {
  checkDataset(dataset);
  const { graph, features, labels, split } = dataset;
  const arrays = [
    graph.rowPointers,
    graph.columnIndices,
    features.data,
    labels,
    split.train,
    split.valid,
    split.test,
  ];
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
