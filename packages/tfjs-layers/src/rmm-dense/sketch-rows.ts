import { threefry2x32 } from '@sketchgrad/core';
import {
  add,
  matMul,
  mul,
  oneHot,
  slice,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';

/** How rows are sketched: each added to one of the kept rows, or all to all, with random signs. */
export const SKETCHES = ['count', 'rademacher'] as const;
export type RowSketch = (typeof SKETCHES)[number];

/** Rows of S that are there at a time. */
const TILE = 512;

/** A tile of S, [count, kept], with E[S Sᵀ] = I: the same for the same seed, call and rows. */
function tileOf(
  sketch: RowSketch,
  { seed, call }: Draw,
  first: number,
  count: number,
  kept: number,
): Tensor2D {
  const words = (at: number) => threefry2x32(seed, call, 0, at);
  if (sketch === 'count') {
    const bins = new Int32Array(count);
    const signs = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const [bin, sign] = words(first + i);
      // The upper part of a product of 32 bits: as even as their number allows.
      bins[i] = Math.floor((bin / 2 ** 32) * kept);
      signs[i] = sign & 1 ? 1 : -1;
    }
    const hot = oneHot(tensor1d(bins, 'int32'), kept, 1, 0, 'float32');
    return mul(hot, tensor2d(signs, [count, 1])) as Tensor2D;
  }
  const entries = new Float32Array(count * kept);
  const size = 1 / Math.sqrt(kept);
  let word = 0;
  for (let i = 0; i < entries.length; i++) {
    const element = first * kept + i;
    if (i === 0 || element % 32 === 0) word = words(Math.floor(element / 32))[0];
    entries[i] = (word >>> (element % 32)) & 1 ? size : -size;
  }
  return tensor2d(entries, [count, kept]);
}

/** What tells one S from another. */
export interface Draw {
  readonly seed: number;
  readonly call: number;
}

/** Sᵀ x, f32 [kept, features], of x [rows, features]; S is made some rows at a time. */
export function sketchRows(sketch: RowSketch, draw: Draw, x: Tensor2D, kept: number): Tensor2D {
  return tidy(() => {
    const [rows, features] = x.shape;
    let sum: Tensor2D = zeros([kept, features]);
    for (let first = 0; first < rows; first += TILE) {
      const count = Math.min(TILE, rows - first);
      const before = sum;
      sum = tidy(() => {
        const tile = tileOf(sketch, draw, first, count, kept);
        const own = slice(x, [first, 0], [count, features]);
        return add(before, matMul(tile, own, true, false)) as Tensor2D;
      });
      before.dispose();
    }
    return sum;
  });
}
