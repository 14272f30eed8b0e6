import { at, store4 } from '../memory/lanes';
import { threefry4, word0, word1 } from '../random/threefry';

const GAUSSIAN = 0;

/** Entries that a block makes: five table indices of 12 bits, or 64 signs. */
const GAUSSIANS: u32 = 5;
const SIGNS: u32 = 64;

/**
 * Writes a tile of Sᵀ: entries `begin` to `end` of each of the `rows` columns of S [n, rows], as core's
 * sketch op defines them. On one thread.
 *
 * @param tile f32 [rows, end − begin]
 * @param kind 0 for Gaussian entries, 1 for signs
 * @param begin a multiple of 20 for Gaussian entries, of 64 for signs
 * @param key i32 [2]
 * @param table the quantiles, f32 [4096]
 * @param scale 1/√rows, with which each entry is multiplied
 */
export function sketchTile(
  tile: usize,
  kind: i32,
  n: u32,
  begin: u32,
  end: u32,
  rows: u32,
  key: usize,
  stream: i32,
  table: usize,
  scale: f32,
): void {
  const key0 = i32.load(key);
  const key1 = i32.load(key, 4);
  const count = end - begin;
  if (kind == GAUSSIAN) {
    const blocks = (n + GAUSSIANS - 1) / GAUSSIANS;
    for (let row: u32 = 0; row < rows; row++) {
      const block = row * blocks + begin / GAUSSIANS;
      gaussianRow(at(tile, row * count), count, key0, key1, stream, block, table, scale);
    }
  } else {
    const blocks = (n + SIGNS - 1) / SIGNS;
    for (let row: u32 = 0; row < rows; row++) {
      const block = row * blocks + begin / SIGNS;
      signRow(at(tile, row * count), count, key0, key1, stream, block, scale);
    }
  }
}

/** Offset in the table, in bytes, of the index in 12 bits of each lane from `shift` on. */
@inline
function offsets(words: v128, shift: i32): v128 {
  const moved = shift > 2 ? i32x4.shr_u(words, shift - 2) : i32x4.shl(words, 2 - shift);
  return v128.and(moved, i32x4.splat(0x3ffc));
}

/** The numbers at four offsets in the table. */
@inline
function four(table: usize, a: i32, b: i32, c: i32, d: i32): v128 {
  let y = v128.load32_zero(table + usize(a));
  y = v128.load32_lane(table + usize(b), y, 1);
  y = v128.load32_lane(table + usize(c), y, 2);
  return v128.load32_lane(table + usize(d), y, 3);
}

function gaussianRow(
  y: usize,
  count: u32,
  key0: i32,
  key1: i32,
  stream: i32,
  firstBlock: u32,
  table: usize,
  scale: f32,
): void {
  const by = f32x4.splat(scale);
  let block = firstBlock;
  for (let i: u32 = 0; i < count; i += 20) {
    threefry4(key0, key1, stream, block);
    block += 4;
    const a = word0;
    const b = word1;
    // Lane l of o0 … o4 are the five offsets of block l.
    const o0 = offsets(a, 0);
    const o1 = offsets(a, 12);
    const o2 = offsets(b, 0);
    const o3 = offsets(b, 12);
    const o4 = v128.or(
      i32x4.shl(i32x4.shr_u(a, 24), 2),
      v128.and(i32x4.shr_u(b, 18), i32x4.splat(0x3c00)),
    );
    const y0 = four(
      table,
      i32x4.extract_lane(o0, 0),
      i32x4.extract_lane(o1, 0),
      i32x4.extract_lane(o2, 0),
      i32x4.extract_lane(o3, 0),
    );
    const y1 = four(
      table,
      i32x4.extract_lane(o4, 0),
      i32x4.extract_lane(o0, 1),
      i32x4.extract_lane(o1, 1),
      i32x4.extract_lane(o2, 1),
    );
    const y2 = four(
      table,
      i32x4.extract_lane(o3, 1),
      i32x4.extract_lane(o4, 1),
      i32x4.extract_lane(o0, 2),
      i32x4.extract_lane(o1, 2),
    );
    const y3 = four(
      table,
      i32x4.extract_lane(o2, 2),
      i32x4.extract_lane(o3, 2),
      i32x4.extract_lane(o4, 2),
      i32x4.extract_lane(o0, 3),
    );
    const y4 = four(
      table,
      i32x4.extract_lane(o1, 3),
      i32x4.extract_lane(o2, 3),
      i32x4.extract_lane(o3, 3),
      i32x4.extract_lane(o4, 3),
    );
    if (i + 20 <= count) {
      const to = at(y, i);
      v128.store(to, f32x4.mul(y0, by));
      v128.store(to, f32x4.mul(y1, by), 16);
      v128.store(to, f32x4.mul(y2, by), 32);
      v128.store(to, f32x4.mul(y3, by), 48);
      v128.store(to, f32x4.mul(y4, by), 64);
    } else {
      store4(y, i, count, f32x4.mul(y0, by));
      if (i + 4 < count) store4(y, i + 4, count, f32x4.mul(y1, by));
      if (i + 8 < count) store4(y, i + 8, count, f32x4.mul(y2, by));
      if (i + 12 < count) store4(y, i + 12, count, f32x4.mul(y3, by));
      if (i + 16 < count) store4(y, i + 16, count, f32x4.mul(y4, by));
    }
  }
}

function signRow(
  y: usize,
  count: u32,
  key0: i32,
  key1: i32,
  stream: i32,
  firstBlock: u32,
  scale: f32,
): void {
  let block = firstBlock;
  for (let i: u32 = 0; i < count; i += 256) {
    threefry4(key0, key1, stream, block);
    block += 4;
    const a = word0;
    const b = word1;
    signs(y, i, count, i32x4.extract_lane(a, 0), scale);
    signs(y, i + 32, count, i32x4.extract_lane(b, 0), scale);
    signs(y, i + 64, count, i32x4.extract_lane(a, 1), scale);
    signs(y, i + 96, count, i32x4.extract_lane(b, 1), scale);
    signs(y, i + 128, count, i32x4.extract_lane(a, 2), scale);
    signs(y, i + 160, count, i32x4.extract_lane(b, 2), scale);
    signs(y, i + 192, count, i32x4.extract_lane(a, 3), scale);
    signs(y, i + 224, count, i32x4.extract_lane(b, 3), scale);
  }
}

/** Entries from `from` on of the signs in a word's bits, the lowest first; a set bit is −1. */
@inline
function signs(y: usize, from: u32, count: u32, word: i32, scale: f32): void {
  const value = f32x4.splat(scale);
  const sign = f32x4.splat(-0.0);
  const bits = i32x4.splat(word);
  const end = min(from + 32, count);
  let mask = i32x4(1, 2, 4, 8);
  for (let i = from; i < end; i += 4) {
    const set = i32x4.eq(v128.and(bits, mask), mask);
    store4(y, i, count, v128.xor(value, v128.and(set, sign)));
    mask = i32x4.shl(mask, 4);
  }
}
