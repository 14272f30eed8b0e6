import { checkDataset } from './check-graph.js';
/** A sparse matrix of ones by rows: row i has its columns at rowPointers[i] … rowPointers[i + 1] − 1. */
export interface CsrGraph {
  readonly nodes: number;
  /** [nodes + 1], from 0 to the number of entries; an undirected edge is two entries. */
  readonly rowPointers: Int32Array;
  /** The neighbours, ascending within a row. */
  readonly columnIndices: Int32Array;
}

/** A matrix of features by rows, a row a node. */
export interface NodeFeatures {
  readonly rows: number;
  readonly columns: number;
  /** [rows × columns] */
  readonly data: Float32Array;
}

/** The nodes to learn from, to choose by, and to judge by; no node is in two of them. */
export interface NodeSplit {
  readonly train: Int32Array;
  readonly valid: Int32Array;
  readonly test: Int32Array;
}

/** The score that a node classification is judged by. */
export type NodeMetric = 'accuracy' | 'micro-f1';

/** What every node classification has, whatever its labels are. */
interface NodeDatasetBase {
  /** Short, as used on a command line: `ogbn-arxiv`, `cora`. */
  readonly name: string;
  /** Undirected: an edge is in both rows; no edge twice, no self-loops, columns ascending. */
  readonly graph: CsrGraph;
  readonly features: NodeFeatures;
  /** How many classes a label may name, or how many labels a node has a yes or no for. */
  readonly classes: number;
  readonly split: NodeSplit;
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
