// The 16 random bits that decide how each feature is rounded, as core's roundingBits draws them.
import { constant } from '../memory/constants';
import { threefryBlocks } from '../random/threefry';

/** Rows whose random words are drawn at once. */
export const DRAWN: u32 = 8;

/** Threefry blocks of a row: two for each 64 features. */
@inline
export function blocksOf(features: u32): u32 {
  return ((features + 63) & ~63) >> 5;
}

/** The words of a row that comes `ahead` behind the first of {@link DRAWN} rows. */
@inline
export function rowWords(words: usize, ahead: u32, features: u32): usize {
  return words + (usize(ahead * blocksOf(features)) << 3);
}

/** Draws the words of `count` rows from `row` on, at most {@link DRAWN}. */
export function drawRowWords(
  words: usize,
  key: usize,
  stream: i32,
  row: u32,
  count: u32,
  features: u32,
): void {
  const blocks = blocksOf(features);
  threefryBlocks(words, key, stream, row * blocks, i32((count * blocks + 3) >> 2));
}

/** Powers of 0x235d898d modulo 2^32: what the word that 16 features share is multiplied with. */
const MULTIPLIERS = memory.data<u32>([
  0x00000001, 0x235d898d, 0xc85a37a9, 0xf4df1915,
  0x3eee0d91, 0xcf0d11dd, 0xbd0b1bb9, 0x6e2945e5,
  0x76540c21, 0x11c5572d, 0x37b118c9, 0xeed337b5,
  0x8ee68bb1, 0x0809a97d, 0x426f3ed9, 0x9fbcbe85,
], 16);

/** The words that every fourth feature of the `chunk`-th 32 has, of two Threefry blocks for each 64. */
@inline
export function wordsOf(words: usize, chunk: u32): v128 {
  return v128.load(words + (usize(chunk >> 1) << 4));
}

/** What they are multiplied with: the first half of a word's features are in even chunks. */
@inline
export function multipliersOf(chunk: u32): usize {
  return MULTIPLIERS + (usize(chunk & 1) << 5);
}

/** The bits of four features: those of number 4 · `turn` on in their 32. */
@inline
export function random4(words: v128, multipliers: usize, turn: i32): v128 {
  return i32x4.shr_u(i32x4.mul(words, constant(multipliers, turn)), 16);
}
