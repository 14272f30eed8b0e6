import { threefryBlock } from '../random/threefry.js';

/**
 * The stream of the rotation's signs, under key (0, 0). No layer's use of randomness has it: theirs
 * count up from 0.
 */
const SIGN_STREAM = -1;

/**
 * The sign of each feature in a rotation, 1 or −1: bit f mod 64 of Threefry block ⌊f/64⌋, the lower
 * word first; a set bit is −1. The same for every layer, step and seed, so that given X only the
 * rounding is random and the variance is exact.
 */
export function rotationSigns(features: number): Float32Array {
  const signs = new Float32Array(features);
  let words: [number, number] = [0, 0];
  for (let f = 0; f < features; f++) {
    if (f % 64 === 0) words = threefryBlock(0, 0, SIGN_STREAM, f / 64);
    signs[f] = (words[(f >> 5) & 1]! >>> (f & 31)) & 1 ? -1 : 1;
  }
  return signs;
}

/**
 * Rotates a row in place, or back: each group's features are multiplied by their signs and by an
 * orthonormal Walsh–Hadamard matrix, which spreads outliers over the group and so narrows its range.
 * A group whose length is no power of two is cut into falling powers of two. In 32-bit arithmetic
 * for a row in 32 bits: butterflies (a + b, a − b) from the widest stride to 1, then a product with the f32 number 1/√n.
 */
export function rotateRow(
  row: Float32Array | Float64Array,
  signs: Float32Array,
  group: number,
  inverse = false,
): void {
  if (!inverse) flip(row, signs);
  for (let begin = 0; begin < row.length; begin += group) {
    const end = Math.min(begin + group, row.length);
    for (let at = begin; at < end; ) {
      const size = 2 ** Math.floor(Math.log2(end - at));
      transform(row.subarray(at, at + size));
      at += size;
    }
  }
  if (inverse) flip(row, signs);
}

function flip(row: Float32Array | Float64Array, signs: Float32Array): void {
  for (let f = 0; f < row.length; f++) row[f]! *= signs[f]!;
}

/** The orthonormal Walsh–Hadamard transform, in place; the length is a power of two. */
function transform(values: Float32Array | Float64Array): void {
  const n = values.length;
  for (let stride = n / 2; stride >= 1; stride /= 2)
    for (let block = 0; block < n; block += 2 * stride)
      for (let at = block; at < block + stride; at++) {
        const [a, b] = [values[at]!, values[at + stride]!];
        values[at] = a + b;
        values[at + stride] = a - b;
      }
  const scale = Math.fround(1 / Math.sqrt(n));
  for (let at = 0; at < n; at++) values[at]! *= scale;
}
