import type { Attributes, TensorData, TensorType } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Host } from './host/host.js';
import type { NodeOf } from './node-of.js';
import type { Abilities } from './platforms/platform.js';
import type { Tf } from './tensors/tf.js';

/** What a lowering works with. */
export interface LoweringContext {
  /**
   * TensorFlow.js's ops. What they make is disposed of when the lowering returns, unless it is
   * returned; `dispose()` frees it before, where scratch memory counts.
   */
  readonly tf: Tf;
  readonly abilities: Abilities;
  /** What is done beside TensorFlow.js. */
  readonly host: Host;
  /** A kernel of TensorFlow.js's by its name, where the op of its own makes more tensors than one. */
  kernel(name: string, inputs: Readonly<Record<string, Tensor>>, attributes?: object): Tensor;
  /** The same tensor in another shape; takes no memory, and is disposed of with it. */
  view(tensor: Tensor, shape: readonly number[]): Tensor;
  /** A number, f32 []: it takes {@link SCALAR_BYTES}. */
  scalar(value: number): Tensor;
  /** A tensor of numbers that are known here; they are not to be changed afterwards. */
  upload(data: TensorData, shape?: readonly number[]): Tensor;
  /** A tensor's numbers, not to be changed: at once for inputs of whole numbers, else from the device. */
  read(tensor: Tensor): TensorData;
  /**
   * Checks a tensor's numbers, once for as long as it is the same tensor.
   * @param what is checked, as a key
   */
  check(tensor: Tensor, what: string, check: (data: TensorData) => void): void;
  /** Puts a tensor in the place of the input that the op updates, which is disposed of at once. */
  update(input: number, tensor: Tensor): void;
}

/** How an op is run by TensorFlow.js's. */
// biome-ignore lint/suspicious/noExplicitAny: an op's attributes are its own business; the table holds all kinds
export interface Lowering<A extends Attributes = any> {
  /** The op's name. */
  readonly op: string;
  /**
   * Bytes that it holds at most beside the node's inputs and all of its outputs: tensors of its own, less
   * the outputs that are not made yet. 0 unless given.
   */
  scratchBytes?(node: NodeOf<A>, abilities: Abilities): number;
  /**
   * @returns new tensors for those outputs that are neither views nor updates of an input, in their order
   * @throws BackendError for an index outside its range
   */
  lower(inputs: readonly Tensor[], node: NodeOf<A>, context: LoweringContext): readonly Tensor[];
}

export const SCALAR_BYTES = 4;

/** Bytes of tensors of these types. */
export const bytesOf = (...types: readonly TensorType[]): number =>
  types.reduce((all, { shape }) => all + 4 * shape.reduce((n, size) => n * size, 1), 0);
