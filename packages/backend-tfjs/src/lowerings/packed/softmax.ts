import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../../lowering.js';
import { done } from '../../tensors/done.js';
import type { Held } from '../held.js';
import type { TileWords } from './held-in-tiles.js';

/** A tile's probabilities, and what e to the scores add up to. */
export interface Probabilities {
  readonly probabilities: Tensor;
  /** The largest score of each query. [sequences, heads, queries, 1] */
  readonly largest: Tensor;
  /** The sum of e to the scores less the largest, of each query. */
  readonly totals: Tensor;
}

/**
 * Softmax of scores, which are disposed of.
 * @param scores [sequences, heads, queries, length]
 * @param biases what is added to each key's, [sequences · length]
 */
export function probabilitiesOf(
  scores: Tensor,
  biases: Float32Array,
  { tf, upload }: LoweringContext,
): Probabilities {
  const [sequences, , , length] = scores.shape as [number, number, number, number];
  const bias = upload(biases, [sequences, 1, 1, length]);
  const masked = tf.add(scores, bias);
  done(scores, bias);
  const largest = tf.max(masked, -1, true);
  const below = tf.sub(masked, largest);
  masked.dispose();
  const powers = tf.exp(below);
  below.dispose();
  const totals = tf.sum(powers, -1, true);
  const probabilities = tf.div(powers, totals);
  powers.dispose();
  return { probabilities, largest, totals };
}

/** {@link probabilitiesOf} of so many scores, told. */
export const softmax = (
  held: Held,
  { scores, each, places }: Pick<TileWords, 'scores' | 'each' | 'places'>,
): Held =>
  held
    .make(places, scores)
    .free(places, scores)
    .make(each, scores)
    .free(scores)
    .make(scores)
    .free(scores)
    .make(each, scores)
    .free(scores);
