import type { Node } from '../graph/node.js';
import type { Attributes } from '../graph/op.js';
import type { Shape } from '../graph/types.js';

/** Where the reference executor holds numbers; in double precision integers lie in doubles too. */
export type Numbers = Float32Array | Float64Array | Int32Array;

/** A tensor in the arena or in the state, row after row. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Numbers;
}

/** One run of a node. An output may share memory with an input, as the op's definition allows. */
export interface KernelCall<A extends Attributes = Attributes> {
  readonly node: Node;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attributes: A;
}

/**
 * An op as a plain loop: the oracle that every backend is compared with. It computes in double
 * precision whatever it stores.
 */
export interface ReferenceKernel<A extends Attributes = Attributes> {
  /** The op's name. */
  readonly op: string;
  /** @throws BackendError for an index outside its range */
  run(call: KernelCall<A>): void;
}
