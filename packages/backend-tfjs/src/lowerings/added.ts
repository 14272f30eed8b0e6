import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../lowering.js';
import { done } from '../tensors/done.js';
import type { Held } from './held.js';

/** Both, added; they are disposed of. */
export function added(some: Tensor | undefined, others: Tensor, { tf }: LoweringContext): Tensor {
  if (!some) return others;
  const all = tf.add(some, others);
  done(some, others);
  return all;
}

/** {@link added}, told: words of one of them, and whether there is another. */
export const holdAdded = (held: Held, more: boolean, words: number): Held =>
  more ? held.make(words).free(words, words) : held;
