import type { Shape, TensorData, Value } from '@sketchgrad/core';
import type { BuildOptions, Model } from '../model.js';

/** A graph whose nodes are to be classified. `@sketchgrad/datasets` gives such objects. */
export interface NodeData {
  readonly name: string;
  /** Undirected, in compressed rows, without self-loops. */
  readonly graph: {
    readonly nodes: number;
    readonly rowPointers: Int32Array;
    readonly columnIndices: Int32Array;
  };
  readonly features: { readonly columns: number; readonly data: Float32Array };
  /** [nodes], a class or −1 for none; or, for several labels a node, [nodes × classes], 0 or 1. */
  readonly labels: Int32Array | Uint8Array;
  readonly classes: number;
  readonly multiLabel: boolean;
  /** The nodes to learn from, to choose by, and to judge by. */
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
}

/** What a pass over a graph takes: its sizes, and its inputs but the key. */
export interface NodeBatch {
  readonly shape: NodeShape;
  readonly inputs: Record<string, TensorData>;
}

/**
 * A network that classifies nodes. `@sketchgrad/models` has GCN and GCNII; any object of this shape
 * will do.
 */
export interface NodeModel extends Model<NodeShape> {
  readonly statistics: readonly { readonly name: string; readonly shape: Shape }[];
  /**
   * Traces a pass, inside core's `trace()`: the mean loss of the chosen nodes, f32 [], and the logits
   * of all, f32 [nodes, classes].
   */
  build(options: BuildOptions<NodeShape>): { readonly loss: Value; readonly predictions: Value };
  /** Sizes and inputs of a pass over a graph with the loss of some of its nodes. */
  batch(data: NodeData, rows: Int32Array): NodeBatch;
}
