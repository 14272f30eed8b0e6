import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Lowering, type LoweringContext, SCALAR_BYTES } from '../lowering.js';
import { done } from '../tensors/done.js';

/** P(Z ≤ x) for a standard normal Z. @returns a tensor of x's shape; three of them are there at most */
function distribution(x: Tensor, { tf, scalar }: LoweringContext): Tensor {
  const root = scalar(Math.SQRT1_2);
  const scaled = tf.mul(x, root);
  root.dispose();
  const erf = tf.erf(scaled);
  scaled.dispose();
  const one = scalar(1);
  const above = tf.add(erf, one);
  done(erf, one);
  const half = scalar(0.5);
  const halved = tf.mul(above, half);
  done(above, half);
  return halved;
}

export const gelu: Lowering = {
  op: 'gelu',
  scratchBytes: ({ inputs: [x] }) => bytesOf(x!) + SCALAR_BYTES,
  lower: ([x], _, context) => [context.tf.mul(x!, distribution(x!, context))],
};

export const geluGradient: Lowering = {
  op: 'geluGradient',
  scratchBytes: ({ inputs: [x] }) => 2 * bytesOf(x!) + SCALAR_BYTES,
  lower([x, dy], _, context) {
    const { tf, scalar } = context;
    const below = distribution(x!, context);
    const squares = tf.square(x!);
    const negative = scalar(-0.5);
    const exponents = tf.mul(squares, negative);
    done(squares, negative);
    const powers = tf.exp(exponents);
    exponents.dispose();
    const along = tf.mul(powers, x!);
    powers.dispose();
    const root = scalar(1 / Math.sqrt(2 * Math.PI));
    const density = tf.mul(along, root);
    done(along, root);
    const slope = tf.add(below, density);
    done(below, density);
    return [tf.mul(dy!, slope)];
  },
};
