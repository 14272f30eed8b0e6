import { streamBlock } from './random-block.js';

const PARITY = 0x1bd11bda;

/** Blocks of a stream that are drawn under its own key. */
const OWN = 2 ** 32;

/**
 * Writes the words of a stream's blocks from one on, two a block, as 32-bit integers: what
 * {@link streamBlock} gives one by one, many times as fast. All 20 rounds are written out, for a loop over
 * their rotations takes three times as long.
 *
 * @param into as many words as are wanted, an even number
 * @param key (seed, step)
 * @param first the first block's number
 */
export function writeWords(
  into: Int32Array,
  key: ArrayLike<number>,
  stream: number,
  first: number,
): void {
  const own = Math.max(0, Math.min(into.length, 2 * (OWN - first)));
  writeOwn(into, own, key, stream, first);
  for (let at = own; at < into.length; at += 2)
    into.set(streamBlock(key[0]!, key[1]!, stream, first + at / 2), at);
}

function writeOwn(
  into: Int32Array,
  count: number,
  key: ArrayLike<number>,
  stream: number,
  first: number,
): void {
  const key0 = key[0]! | 0;
  const key1 = key[1]! | 0;
  const key2 = key0 ^ key1 ^ PARITY;
  const start = (stream + key0) | 0;
  let counter = (first + key1) | 0;
  for (let at = 0; at < count; at += 2) {
    let x0 = start;
    let x1 = counter;
    counter = (counter + 1) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    x0 = (x0 + key1) | 0;
    x1 = (x1 + key2 + 1) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
    x0 = (x0 + key2) | 0;
    x1 = (x1 + key0 + 2) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    x0 = (x0 + key0) | 0;
    x1 = (x1 + key1 + 3) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
    x0 = (x0 + key1) | 0;
    x1 = (x1 + key2 + 4) | 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    x0 = (x0 + key2) | 0;
    x1 = (x1 + key0 + 5) | 0;
    into[at] = x0;
    into[at + 1] = x1;
  }
}
