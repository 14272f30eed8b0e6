import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../../lowering.js';
import { done } from '../../tensors/done.js';
import type { Held } from '../held.js';
import type { TileWords } from './held-in-tiles.js';

/**
 * Scores with what is added to those of each key; they are disposed of.
 * @param scores [sequences, heads, queries, length]
 * @param biases of keys, [sequences · length]
 */
export function biased(
  scores: Tensor,
  biases: Float32Array,
  { tf, upload }: LoweringContext,
): Tensor {
  if (biases.every((bias) => bias === 0)) return scores;
  const [sequences, , , length] = scores.shape as [number, number, number, number];
  const bias = upload(biases, [sequences, 1, 1, length]);
  const sums = tf.add(scores, bias);
  done(scores, bias);
  return sums;
}

/** {@link biased}, told. */
export const bias = (held: Held, { scores, places }: Pick<TileWords, 'scores' | 'places'>): Held =>
  held.make(places, scores).free(places, scores);

/**
 * The logarithm of what e to a query's scores adds up to: the largest score less the logarithm of its
 * probability. [sequences, heads, queries, 1]
 */
export function logSumExpOf(
  scores: Tensor,
  probabilities: Tensor,
  { tf }: LoweringContext,
): Tensor {
  const [largest, share] = [tf.max(scores, -1, true), tf.max(probabilities, -1, true)];
  const logarithm = tf.log(share);
  share.dispose();
  const total = tf.sub(largest, logarithm);
  done(largest, logarithm);
  return total;
}

/** {@link logSumExpOf}, told; it holds what it gives. */
export const logSumExp = (held: Held, { each }: Pick<TileWords, 'each'>): Held =>
  held.make(each, each).make(each).free(each).make(each).free(each, each);
