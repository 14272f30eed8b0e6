import type { TensorType } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type LoweringContext } from '../lowering.js';
import type { Abilities } from '../platforms/platform.js';

/** Which factors of a product of two matrices lie with their rows as columns. */
export interface Transposed {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** A product of two matrices, by the way that is fast on the platform. */
export function product(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: Transposed,
  { tf, abilities }: LoweringContext,
): Tensor {
  if (!abilities.transposesFirst) return tf.matMul(a, b, transposeA, transposeB);
  const [left, right] = [transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b];
  const made = tf.matMul(left, right);
  if (left !== a) left.dispose();
  if (right !== b) right.dispose();
  return made;
}

/** Bytes that {@link product} takes beside its factors and what it makes. */
export const productBytes = (
  [a, b]: readonly [TensorType, TensorType],
  { transposeA = false, transposeB = false }: Transposed,
  { transposesFirst }: Abilities,
): number =>
  transposesFirst ? bytesOf(...(transposeA ? [a] : []), ...(transposeB ? [b] : [])) : 0;
