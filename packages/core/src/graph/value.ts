import type { Node } from './node.js';
import type { DType, Shape, TensorType } from './types.js';

/** A tensor that does not exist yet: what a node of the graph will make when it runs. */
export class Value implements TensorType {
  constructor(
    /** The node that makes this value. */
    readonly node: Node,
    /** Which of the node's outputs it is. */
    readonly index: number,
    readonly shape: Shape,
    readonly dtype: DType,
  ) {}

  /** A name for listings: `%12` or, for a node of several outputs, `%12.1`. */
  get label(): string {
    return this.node.outputs.length > 1 ? `%${this.node.id}.${this.index}` : `%${this.node.id}`;
  }
}
