import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../../lowering.js';
import { done } from '../../tensors/done.js';
import { added } from '../added.js';
import type { Keys, Tile } from './tiles.js';

/** Sizes of heads. */
export interface HeadSizes {
  readonly heads: number;
  readonly size: number;
}

/** Rows of a tile by heads: [rows, parts · heads · size] → [sequences, parts · heads, length, size]. */
export function splitHeads(
  x: Tensor,
  [tile, keys]: readonly [Tile, Keys],
  { size }: HeadSizes,
  { tf, upload, view }: LoweringContext,
): Tensor {
  const rows = upload(keys.rowsAt(tile));
  const own = tf.gather(x, rows as never);
  rows.dispose();
  const { sequences, length } = tile;
  const shape = [sequences.length, length, x.shape[1]! / size, size];
  const heads = tf.transpose(view(own, shape), [0, 2, 1, 3]);
  own.dispose();
  return heads;
}

/** One of the parts that lie behind each other in heads: queries, keys or values. */
export function partOf(
  split: Tensor,
  at: number,
  { heads }: HeadSizes,
  { tf }: LoweringContext,
): Tensor {
  const [sequences, , length, size] = split.shape as [number, number, number, number];
  return tf.slice(split, [0, at * heads, 0, 0], [sequences, heads, length, size]);
}

/** Heads side by side again: [sequences, heads, length, size] → [sequences · length, heads · size]; it is disposed of. */
export function mergeHeads(split: Tensor, { tf, view }: LoweringContext): Tensor {
  const [sequences, heads, length, size] = split.shape as [number, number, number, number];
  const rows = tf.transpose(split, [0, 2, 1, 3]);
  split.dispose();
  return view(rows, [sequences * length, heads * size]);
}

/**
 * Rows of a tile where they belong among all, zeros in the others: [sequences · length, columns] →
 * [rows, columns]; it is disposed of, as are the rows of other tiles that it is added to.
 */
export function placeRows(
  own: Tensor,
  [tile, keys]: readonly [Tile, Keys],
  others: Tensor | undefined,
  context: LoweringContext,
): Tensor {
  const { tf, upload } = context;
  const padded = tf.pad(own, [
    [0, 1],
    [0, 0],
  ]);
  own.dispose();
  const places = upload(keys.placesOf(tile));
  const placed = tf.gather(padded, places as never);
  done(padded, places);
  return added(others, placed, context);
}

/** x times a number; x is disposed of. */
export function scaled(x: Tensor, by: number, { tf, scalar }: LoweringContext): Tensor {
  const factor = scalar(by);
  const product = tf.mul(x, factor);
  done(x, factor);
  return product;
}
