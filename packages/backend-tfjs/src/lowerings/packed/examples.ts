import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../../lowering.js';
import { done } from '../../tensors/done.js';
import { added } from '../added.js';
import type { Held } from '../held.js';
import type { HeadSizes } from './heads.js';
import type { Tile } from './tiles.js';

/** A tile's rows of what has one for each sequence, by heads: [examples, heads · size] → [sequences, heads, 1, size]. */
export function examplesOf(
  x: Tensor,
  { sequences }: Tile,
  { heads, size }: HeadSizes,
  { tf, upload, view }: LoweringContext,
): Tensor {
  const numbers = upload(Int32Array.from(sequences, ({ example }) => example));
  const own = tf.gather(x, numbers as never);
  numbers.dispose();
  return view(own, [sequences.length, heads, 1, size]);
}

/** {@link examplesOf}, told. */
export const takeExamples = (held: Held, count: number, features: number): Held =>
  held.make(count, count * features).free(count);

/**
 * What a tile has for each sequence among that of all, zeros for the others: [sequences, heads, 1, size] →
 * [examples, heads · size]; it is disposed of, as is that of other tiles, which it is added to.
 */
export function placeExamples(
  own: Tensor,
  { sequences }: Tile,
  [examples, features]: readonly [number, number],
  others: Tensor | undefined,
  context: LoweringContext,
): Tensor {
  const { tf, upload, view } = context;
  const padded = tf.pad(view(own, [sequences.length, features]), [
    [0, 1],
    [0, 0],
  ]);
  own.dispose();
  const places = new Int32Array(examples).fill(sequences.length);
  for (const [at, { example }] of sequences.entries()) places[example] = at;
  const indices = upload(places);
  const placed = tf.gather(padded, indices as never);
  done(padded, indices);
  return added(others, placed, context);
}
