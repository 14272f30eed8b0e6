import type { TensorType } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type LoweringContext } from '../lowering.js';
import type { Abilities } from '../platforms/platform.js';
import type { Held } from './held.js';

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

/**
 * Products of so many matrices: [..., m, k] and [..., k, n] → [..., m, n], of equal first axes. Where one
 * product is many times faster by itself than among others, one after the other.
 */
export function products(
  a: Tensor,
  b: Tensor,
  transposed: Transposed,
  context: LoweringContext,
): Tensor {
  const { transposeA = false, transposeB = false } = transposed;
  const { tf, abilities, view } = context;
  if (!abilities.transposesFirst) return tf.matMul(a, b, transposeA, transposeB);
  const around = a.shape.slice(0, -2);
  const count = around.reduce((n, size) => n * size, 1);
  const [left, right] = [matricesOf(a, transposeA, context), matricesOf(b, transposeB, context)];
  const each = Array.from({ length: count }, (_, at) => {
    const [x, y] = [matrixOf(left, at, context), matrixOf(right, at, context)];
    const made = tf.matMul(x, y);
    for (const used of [x, y]) used.dispose();
    return made;
  });
  if (transposeA) left.dispose();
  if (transposeB) right.dispose();
  const shape = [...around, ...each[0]!.shape];
  if (count === 1) return view(each[0]!, shape);
  const all = tf.concat(each, 0);
  for (const used of each) used.dispose();
  return view(all, shape);
}

/** Matrices one behind the other, transposed where that is asked for. */
function matricesOf(x: Tensor, transposed: boolean, { tf, view }: LoweringContext): Tensor {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const all = view(x, [x.size / (rows * columns), rows, columns]);
  return transposed ? tf.transpose(all, [0, 2, 1]) : all;
}

function matrixOf(all: Tensor, at: number, { tf, view }: LoweringContext): Tensor {
  const [, rows, columns] = all.shape as [number, number, number];
  return view(tf.slice(all, [at, 0, 0], [1, rows, columns]), [rows, columns]);
}

/** {@link products} of so many, told: words of all the factors and of what is made, which stays. */
export function holdProducts(
  held: Held,
  { count, a, b, made }: Record<'count' | 'a' | 'b' | 'made', number>,
  { transposeA = false, transposeB = false }: Transposed,
  { transposesFirst }: Abilities,
): Held {
  if (!transposesFirst) return held.make(made);
  const transposed = (transposeA ? a : 0) + (transposeB ? b : 0);
  const one = (a + b) / count;
  held.make(transposed).make(made, one).free(one, transposed);
  return count > 1 ? held.make(made).free(made) : held;
}

/** Bytes that {@link product} takes beside its factors and what it makes. */
export const productBytes = (
  [a, b]: readonly [TensorType, TensorType],
  { transposeA = false, transposeB = false }: Transposed,
  { transposesFirst }: Abilities,
): number =>
  transposesFirst ? bytesOf(...(transposeA ? [a] : []), ...(transposeB ? [b] : [])) : 0;
