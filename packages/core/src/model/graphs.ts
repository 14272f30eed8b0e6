import type { TensorData } from '../execution/contract.js';

/** An undirected graph in compressed rows: row i has its columns at rowPointers[i] … rowPointers[i + 1] − 1. */
export interface CsrGraph {
  readonly nodes: number;
  /** [nodes + 1], from 0 to the number of entries; an undirected edge is two entries. */
  readonly rowPointers: Int32Array;
  /** The neighbours, ascending within a row; no self-loops, no edge twice: [entries] */
  readonly columnIndices: Int32Array;
}

/** A graph whose nodes are to be classified. */
export interface NodeData {
  /** Short, as used on a command line: `ogbn-arxiv`, `cora`. */
  readonly name: string;
  readonly graph: CsrGraph;
  /** A row a node: [nodes × columns] */
  readonly features: { readonly columns: number; readonly data: Float32Array };
  /** [nodes], a class or −1 for none; or, for several labels a node, [nodes × classes], 0 or 1. */
  readonly labels: Int32Array | Uint8Array;
  /** How many classes a label may name, or how many labels a node has a yes or no for. */
  readonly classes: number;
  readonly multiLabel: boolean;
  /** The nodes to learn from, to choose by, and to judge by; no node is in two of them. */
  readonly split: {
    readonly train: Int32Array;
    readonly valid: Int32Array;
    readonly test: Int32Array;
  };
}

/** The sizes of one pass over a graph, for which it is traced. */
export interface NodeShape {
  readonly nodes: number;
  /** Entries of the matrix that neighbours are summed by. */
  readonly entries: number;
  /** Nodes that the loss is of. */
  readonly rows: number;
  /**
   * Whether there may be fewer of each than these sizes say, so that parts of a graph share what is
   * compiled; false unless given. Inputs `usedNodes` and `usedRows`, i32 [2], then are 0 and how many
   * nodes, and how many nodes that the loss is of, there are. What lies behind them is nobody's: it has
   * no part in the loss, in gradients or in statistics, whatever it holds.
   */
  readonly spare?: boolean;
}

/** What a pass over a graph takes: its sizes, and its inputs but the key. */
export interface NodeBatch {
  readonly shape: NodeShape;
  readonly inputs: Record<string, TensorData>;
}
