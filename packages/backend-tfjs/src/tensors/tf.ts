import type { Tensor } from '@tensorflow/tfjs-core';

/** TensorFlow.js's module, of whichever copy the program has. */
export type Tf = typeof import('@tensorflow/tfjs-core');

/** Bytes that its engine holds in tensors, those of the whole program. */
export const heldBytes = (tf: Tf): number => tf.engine().state.numBytes;

/**
 * Another handle of a tensor, in another shape, of which its engine does not know: it takes no memory,
 * and one of the two is to be disposed of.
 */
export const viewOf = (tf: Tf, tensor: Tensor, shape: readonly number[]): Tensor =>
  new tf.Tensor([...shape], tensor.dtype, tensor.dataId, tensor.id);
