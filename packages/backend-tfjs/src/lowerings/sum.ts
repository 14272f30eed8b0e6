import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering, LoweringContext } from '../lowering.js';

/** Sums over an axis; zeros over none, of which a platform may make what it will. */
export function sumOver(x: Tensor, axis: number, { tf, view }: LoweringContext): Tensor {
  const { shape } = x;
  const count = (sizes: readonly number[]) => sizes.reduce((n, size) => n * size, 1);
  const [before, after] = [count(shape.slice(0, axis)), count(shape.slice(axis + 1))];
  if (x.size === 0) return tf.zeros([before, after]);
  return tf.sum(view(x, [before, shape[axis]!, after]), 1);
}

export const sum: Lowering<{ readonly axis: number }> = {
  op: 'sum',
  lower: ([x], { attributes: { axis } }, context) => [sumOver(x!, axis, context)],
};
