import type { Shape, TensorData } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../lowering.js';

/** So many numbers of a large tensor are read, or made on the host, at once. */
const TILE = 2 ** 16;

/** Rows of a tile of a matrix; always at least one. */
export const tileRows = (features: number): number =>
  Math.max(1, Math.floor(TILE / (features || 1)));

/** The tiles of a matrix's rows: where each begins, and how many rows it has. */
export function tilesOf(rows: number, features: number): readonly (readonly [number, number])[] {
  const each = tileRows(features);
  return Array.from({ length: Math.ceil(rows / each) }, (_, at) => {
    const begin = at * each;
    return [begin, Math.min(each, rows - begin)] as const;
  });
}

/** Bytes of the tensor that {@link readRows} makes for a tile of a matrix: none for the matrix as a whole. */
export function tileBytes([rows = 0, features = 0]: Shape): number {
  const each = tileRows(features);
  return rows <= each ? 0 : 4 * each * features;
}

/** Rows of a matrix, on the host. */
export function readRows(
  x: Tensor,
  [begin, count]: readonly [number, number],
  { tf, read, abilities }: LoweringContext,
): TensorData {
  if (count === x.shape[0]) return read(x);
  const columns = x.shape[1]!;
  // What is waited for is waited for once.
  if (!abilities.readsAtOnce) return read(x).subarray(begin * columns, (begin + count) * columns);
  const tile = tf.slice(x, [begin, 0], [count, columns]);
  const data = read(tile);
  tile.dispose();
  return data;
}
