import type { Attributes, OpDefinition, VectorJacobianProduct } from './op.js';
import type { TensorType } from './types.js';
import { Value } from './value.js';

/** Which part of a training step a node belongs to. */
export const STAGES = ['forward', 'backward', 'update'] as const;
export type Stage = (typeof STAGES)[number];

/** One application of an op: it makes `outputs` from `inputs`. */
export interface Node {
  readonly id: number;
  readonly op: OpDefinition;
  readonly attributes: Attributes;
  /** Of an op whose definition says `'traced'`. */
  readonly vjp?: VectorJacobianProduct;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Where in the model it was traced: `encoder.layer.0.attention`. */
  readonly scope: string;
  readonly stage: Stage;
  /** The `checkpoint` block that the node was traced in, if any. */
  readonly block?: number;
  /** Traced within `rebuildable`. */
  readonly rebuildable?: boolean;
  /** For a recomputed node, the forward node whose value it makes again. */
  readonly recomputes?: Node;
}

/** A node with outputs of these types. */
export function makeNode(of: Omit<Node, 'outputs'>, types: readonly TensorType[]): Node {
  const outputs: Value[] = [];
  const node: Node = { ...of, outputs };
  types.forEach(({ shape, dtype }, index) => {
    outputs.push(new Value(node, index, shape, dtype));
  });
  return node;
}
