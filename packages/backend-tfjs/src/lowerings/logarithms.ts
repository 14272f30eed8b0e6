import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../lowering.js';
import { done } from '../tensors/done.js';

/**
 * ln(1 + x) for x ≥ 0, x being disposed of: ln(w) · x / (w − 1) for w = 1 + x as it is rounded, and x
 * where that is 1 (Goldberg, "What every computer scientist should know about floating-point
 * arithmetic", theorem 4). Some platforms' log1p is the logarithm of the rounded sum. Five tensors of
 * x's size are there at most, x among them.
 */
export function logarithmAbove(x: Tensor, { tf, scalar }: LoweringContext): Tensor {
  const one = scalar(1);
  const rounded = tf.add(x, one);
  const apart = tf.sub(rounded, one);
  one.dispose();
  const logarithms = tf.log(rounded);
  rounded.dispose();
  const zero = scalar(0);
  const same = tf.equal(apart, zero);
  zero.dispose();
  const flags = tf.cast(same, 'float32');
  same.dispose();
  const divisors = tf.add(apart, flags);
  apart.dispose();
  const slopes = tf.div(logarithms, divisors);
  done(logarithms, divisors);
  const factors = tf.add(slopes, flags);
  done(slopes, flags);
  const found = tf.mul(factors, x);
  done(factors, x);
  return found;
}
