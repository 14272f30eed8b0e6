import type { Shape, TensorData } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../lowering.js';

/**
 * So many numbers of a large tensor are read, or made on the host, at once: 1 MiB. Of fewer, calls take longer
 * than their numbers; more leave the caches.
 */
const TILE = 2 ** 18;

/** Rows of a tile of a matrix; always at least one. */
export const tileRows = (features: number, most: number = TILE): number =>
  Math.max(1, Math.floor(most / (features || 1)));

/** The tiles of a matrix's rows: where each begins, and how many rows it has. */
export function tilesOf(
  rows: number,
  features: number,
  most: number = TILE,
): readonly (readonly [number, number])[] {
  const each = tileRows(features, most);
  return Array.from({ length: Math.ceil(rows / each) }, (_, at) => {
    const begin = at * each;
    return [begin, Math.min(each, rows - begin)] as const;
  });
}

/** Bytes of the tensor that {@link readRows} makes for a tile of a matrix, or of a list: none for all of it. */
export function tileBytes([rows = 0, features = 1]: Shape): number {
  const each = tileRows(features);
  return rows <= each ? 0 : 4 * each * features;
}

/** Rows of a matrix, or numbers of a list, on the host. Matrices of one column are sliced many times as slowly. */
export function readRows(
  x: Tensor,
  [begin, count]: readonly [number, number],
  { tf, read, abilities }: LoweringContext,
): TensorData {
  if (count === x.shape[0]) return read(x);
  const [, columns = 1] = x.shape;
  // What is waited for is waited for once.
  if (!abilities.readsAtOnce) return read(x).subarray(begin * columns, (begin + count) * columns);
  const tile = tf.slice(x, x.rank === 1 ? [begin] : [begin, 0], [count, ...x.shape.slice(1)]);
  const data = read(tile);
  tile.dispose();
  return data;
}
