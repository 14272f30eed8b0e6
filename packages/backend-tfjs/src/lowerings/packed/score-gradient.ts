import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../../lowering.js';
import { done } from '../../tensors/done.js';
import type { Held } from '../held.js';

/** A tile's probabilities and what they are differentiated with. */
export interface ScoreCotangents {
  /** [sequences, heads, queries, length]; disposed of. */
  readonly probabilities: Tensor;
  /** Cotangents of contexts, [sequences, heads, queries, size]; disposed of. */
  readonly dout: Tensor;
  /** [sequences, heads, length, size]; taken once they are wanted, and disposed of. */
  readonly values: () => Tensor;
  /** What dropout multiplies each probability by; none without it. */
  readonly factors: Float32Array | undefined;
}

/** Cotangents of values, and of scores: P · (dP − Σ P · dP). */
export function scoreGradient(
  { probabilities, dout, values, factors }: ScoreCotangents,
  { tf, upload }: LoweringContext,
): { readonly dvalues: Tensor; readonly dscores: Tensor } {
  const kept = factors && upload(factors, probabilities.shape);
  const weights = kept ? tf.mul(probabilities, kept) : probabilities;
  const dvalues = tf.matMul(weights, dout, true);
  if (kept) weights.dispose();
  const own = values();
  let cotangents = tf.matMul(dout, own, false, true);
  done(dout, own);
  if (kept) {
    const dropped = tf.mul(cotangents, kept);
    done(cotangents, kept);
    cotangents = dropped;
  }
  const products = tf.mul(probabilities, cotangents);
  const means = tf.sum(products, -1, true);
  products.dispose();
  const apart = tf.sub(cotangents, means);
  done(cotangents, means);
  const dscores = tf.mul(probabilities, apart);
  done(probabilities, apart);
  return { dvalues, dscores };
}

/**
 * {@link scoreGradient}, told: words of scores, of values, of what comes in for contexts and of a number a query,
 * and whether dropout drops.
 */
export function holdScoreGradient(
  held: Held,
  words: Readonly<Record<'scores' | 'values' | 'dout' | 'means', number>>,
  drops: boolean,
): Held {
  const { scores, values, dout, means } = words;
  if (drops) held.make(scores).make(scores).make(values).free(scores);
  else held.make(values);
  held.make(values, scores).free(values, dout);
  if (drops) held.make(scores).free(scores, scores);
  held.make(scores, means).free(scores).make(scores).free(scores, means).make(scores);
  return held.free(scores, scores);
}
