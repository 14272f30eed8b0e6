import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Lowering, type LoweringContext, SCALAR_BYTES } from '../lowering.js';
import { done } from '../tensors/done.js';

/** Rows with a number beyond this are made smaller: their squares and sums leave 32 bits. */
const LARGE = 2 ** 50;
/** What large rows are multiplied by, a power of two, which rounds nothing. */
const SHRINKING = 2 ** -90;
/** The least variance of a large row: one of equal numbers has none. */
const LEAST = 2 ** -126;

/** 1 for each row, or {@link SHRINKING}. [rows, 1]; six of that size are there at most, and two numbers. */
function shrinkingOf(x: Tensor, { tf, scalar }: LoweringContext): Tensor {
  const [most, least] = [tf.max(x, 1, true), tf.min(x, 1, true)];
  const negative = tf.neg(least);
  least.dispose();
  const largest = tf.maximum(most, negative);
  done(most, negative);
  const limit = scalar(LARGE);
  const large = tf.greater(largest, limit);
  done(largest, limit);
  const flags = tf.cast(large, 'float32');
  large.dispose();
  const [one, factor] = [scalar(1), scalar(SHRINKING)];
  const plain = tf.sub(one, flags);
  one.dispose();
  const shrunk = tf.mul(flags, factor);
  done(flags, factor);
  const shrinking = tf.add(plain, shrunk);
  done(plain, shrunk);
  return shrinking;
}

export const normalize: Lowering<{ readonly epsilon: number }> = {
  op: 'normalize',
  scratchBytes({ inputs: [x], outputs: [, inverse] }) {
    const [whole, one] = [bytesOf(x!), bytesOf(inverse!)];
    if (one === 0) return 0;
    const most = [2 * whole + 2 * one, whole + 4 * one, whole + 3 * one + SCALAR_BYTES];
    return Math.max(...most) - whole - one;
  },
  lower([x], { attributes: { epsilon } }, context) {
    const { tf, scalar } = context;
    if (x!.size === 0) return [tf.zeros(x!.shape), tf.zeros([0])];
    const shrinking = shrinkingOf(x!, context);
    const shrunk = tf.mul(x!, shrinking);
    const mean = tf.mean(shrunk, 1, true);
    const centred = tf.sub(shrunk, mean);
    done(shrunk, mean);
    const squares = tf.square(centred);
    const variance = tf.mean(squares, 1, true);
    squares.dispose();
    const root = scalar(Math.sqrt(epsilon));
    const own = tf.mul(root, shrinking);
    root.dispose();
    const added = tf.square(own);
    own.dispose();
    const above = tf.add(variance, added);
    done(variance, added);
    const least = scalar(LEAST);
    const positive = tf.maximum(above, least);
    done(above, least);
    const factors = tf.rsqrt(positive);
    positive.dispose();
    const inverse = tf.mul(factors, shrinking);
    shrinking.dispose();
    return [tf.mul(centred, factors), inverse];
  },
};

export const normalizeGradient: Lowering = {
  op: 'normalizeGradient',
  scratchBytes({ inputs: [y, inverse] }) {
    const [whole, one] = [bytesOf(y!), bytesOf(inverse!)];
    if (whole === 0) return 0;
    return Math.max(3 * whole + one, 2 * whole + 3 * one) - whole;
  },
  lower([y, inverse, dy], _, context) {
    const { tf, view } = context;
    if (y!.size === 0) return [tf.zeros(y!.shape)];
    const shrinking = shrinkingOf(dy!, context);
    const shrunk = tf.mul(dy!, shrinking);
    const mean = tf.mean(shrunk, 1, true);
    const products = tf.mul(shrunk, y!);
    const projection = tf.mean(products, 1, true);
    products.dispose();
    const centred = tf.sub(shrunk, mean);
    done(shrunk, mean);
    const along = tf.mul(y!, projection);
    projection.dispose();
    const left = tf.sub(centred, along);
    done(centred, along);
    const factors = tf.div(view(inverse!, [y!.shape[0]!, 1]), shrinking);
    shrinking.dispose();
    return [tf.mul(left, factors)];
  },
};
