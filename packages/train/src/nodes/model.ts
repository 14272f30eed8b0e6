import type {
  BuildOptions,
  Model,
  NodeBatch,
  NodeData,
  NodeShape,
  Shape,
  Value,
} from '@sketchgrad/core';

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
  /**
   * A batch that `batch` made with these sizes, which are `spare`: what is behind its own nodes, entries
   * and rows is nobody's, and changes nothing. Needed where parts of a graph are stepped through.
   */
  widen(batch: NodeBatch, shape: NodeShape): NodeBatch;
}
