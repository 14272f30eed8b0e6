import { at, store4 } from '../memory/lanes';
import {
  blockKey0,
  blockKey1,
  blocksOfKey,
  high0,
  high1,
  high2,
  high3,
  keyOf,
  low0,
  low1,
  low2,
  low3,
  threefry16,
} from '../random/threefry';

const GAUSSIAN = 0;

/** Entries that a block makes: five table indices of 12 bits, or 64 signs. */
const GAUSSIANS: u32 = 5;
const SIGNS: u32 = 64;

/**
 * Writes a tile of Sᵀ: entries `begin` to `end` of each of `rows` columns of S, the first being column
 * `firstRow`, each n entries long, as core's sketch op defines them. On one thread.
 *
 * @param tile f32 [rows, end − begin]
 * @param kind 0 for Gaussian entries, 1 for signs
 * @param begin a multiple of 5 for Gaussian entries, of 64 for signs
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
  firstRow: u32,
): void {
  const key0 = i32.load(key);
  const key1 = i32.load(key, 4);
  const count = end - begin;
  const perBlock = kind == GAUSSIAN ? GAUSSIANS : SIGNS;
  const rowBlocks = (n + perBlock - 1) / perBlock;
  const first = u64(firstRow) * rowBlocks + begin / perBlock;
  if ((first + u64(rows) * rowBlocks) >> 32 != 0) {
    return tileBeyond(tile, kind, count, rows, key0, key1, stream, first, rowBlocks, table, scale);
  }
  let block = u32(first);
  let to = tile;
  if (kind == GAUSSIAN) {
    for (let row: u32 = 0; row < rows; row += 4) {
      gaussianRows(to, count, rows - row, key0, key1, stream, block, rowBlocks, table, scale);
      to = at(to, 4 * count);
      block += 4 * rowBlocks;
    }
  } else {
    for (let row: u32 = 0; row < rows; row++) {
      signRow(to, count, key0, key1, stream, block, scale);
      to = at(to, count);
      block += rowBlocks;
    }
  }
}

/** A tile of which some blocks lie beyond the first 2^32 of the stream. */
function tileBeyond(
  tile: usize,
  kind: i32,
  count: u32,
  rows: u32,
  key0: i32,
  key1: i32,
  stream: i32,
  first: u64,
  rowBlocks: u32,
  table: usize,
  scale: f32,
): void {
  const perBlock = kind == GAUSSIAN ? GAUSSIANS : SIGNS;
  const blocks = (count + perBlock - 1) / perBlock;
  let block = first;
  let to = tile;
  let row: u32 = 0;
  while (row < rows) {
    // Rows of one key go four at a time.
    const last = block + 3 * u64(rowBlocks) + blocks;
    if (kind == GAUSSIAN && block >> 32 == last >> 32) {
      const own = u32(block);
      keyOf(key0, key1, stream, block);
      gaussianRows(
        to, count, rows - row, blockKey0, blockKey1, stream, own, rowBlocks, table, scale,
      );
      to = at(to, 4 * count);
      block += 4 * u64(rowBlocks);
      row += 4;
    } else {
      rowAcross(to, kind, count, key0, key1, stream, block, perBlock, table, scale);
      to = at(to, count);
      block += rowBlocks;
      row++;
    }
  }
}

/** A row in pieces, each of blocks with one key: where the rows' blocks run over 2^32. */
function rowAcross(
  y: usize,
  kind: i32,
  count: u32,
  key0: i32,
  key1: i32,
  stream: i32,
  block: u64,
  perBlock: u32,
  table: usize,
  scale: f32,
): void {
  for (let done: u32 = 0; done < count; ) {
    const left = (count - done + perBlock - 1) / perBlock;
    const piece = blocksOfKey(block, left);
    const entries = min(piece * perBlock, count - done);
    keyOf(key0, key1, stream, block);
    const to = at(y, done);
    if (kind == GAUSSIAN) {
      gaussianRows(to, entries, 1, blockKey0, blockKey1, stream, u32(block), 0, table, scale);
    } else {
      signRow(to, entries, blockKey0, blockKey1, stream, u32(block), scale);
    }
    done += entries;
    block += piece;
  }
}

/** Where in the table the indices in 12 bits of each lane from `shift` on point, in bytes. */
@inline
function offsets(words: v128, shift: i32): v128 {
  const moved = shift > 2 ? i32x4.shr_u(words, shift - 2) : i32x4.shl(words, 2 - shift);
  return v128.and(moved, i32x4.splat(0x3ffc));
}

/** The numbers at four offsets in the table. */
@inline
function look4(table: usize, a: i32, b: i32, c: i32, d: i32): v128 {
  let y = v128.load32_zero(table + usize(a));
  y = v128.load32_lane(table + usize(b), y, 1);
  y = v128.load32_lane(table + usize(c), y, 2);
  return v128.load32_lane(table + usize(d), y, 3);
}

/** The 20 entries of four blocks, as far as they lie before `count`. */
function gaussians(
  y: usize,
  i: u32,
  count: u32,
  low: v128,
  high: v128,
  table: usize,
  scale: f32,
): void {
  const o0 = offsets(low, 0);
  const o1 = offsets(low, 12);
  const o2 = offsets(high, 0);
  const o3 = offsets(high, 12);
  const o4 = v128.or(
    v128.and(i32x4.shr_u(low, 22), i32x4.splat(0x3fc)),
    v128.and(i32x4.shr_u(high, 18), i32x4.splat(0x3c00)),
  );
  const a0 = i32x4.extract_lane(o0, 0);
  const a1 = i32x4.extract_lane(o1, 0);
  const a2 = i32x4.extract_lane(o2, 0);
  const a3 = i32x4.extract_lane(o3, 0);
  const a4 = i32x4.extract_lane(o4, 0);
  const b0 = i32x4.extract_lane(o0, 1);
  const b1 = i32x4.extract_lane(o1, 1);
  const b2 = i32x4.extract_lane(o2, 1);
  const b3 = i32x4.extract_lane(o3, 1);
  const b4 = i32x4.extract_lane(o4, 1);
  const c0 = i32x4.extract_lane(o0, 2);
  const c1 = i32x4.extract_lane(o1, 2);
  const c2 = i32x4.extract_lane(o2, 2);
  const c3 = i32x4.extract_lane(o3, 2);
  const c4 = i32x4.extract_lane(o4, 2);
  const d0 = i32x4.extract_lane(o0, 3);
  const d1 = i32x4.extract_lane(o1, 3);
  const d2 = i32x4.extract_lane(o2, 3);
  const d3 = i32x4.extract_lane(o3, 3);
  const d4 = i32x4.extract_lane(o4, 3);
  const by = f32x4.splat(scale);
  const y0 = f32x4.mul(look4(table, a0, a1, a2, a3), by);
  const y1 = f32x4.mul(look4(table, a4, b0, b1, b2), by);
  const y2 = f32x4.mul(look4(table, b3, b4, c0, c1), by);
  const y3 = f32x4.mul(look4(table, c2, c3, c4, d0), by);
  const y4 = f32x4.mul(look4(table, d1, d2, d3, d4), by);
  const to = at(y, i);
  if (i + 20 <= count) {
    v128.store(to, y0);
    v128.store(to, y1, 16);
    v128.store(to, y2, 32);
    v128.store(to, y3, 48);
    v128.store(to, y4, 64);
    return;
  }
  store4(y, i, count, y0);
  if (i + 4 < count) store4(y, i + 4, count, y1);
  if (i + 8 < count) store4(y, i + 8, count, y2);
  if (i + 12 < count) store4(y, i + 12, count, y3);
  if (i + 16 < count) store4(y, i + 16, count, y4);
}

/** Four rows, or as many as there are, side by side. */
function gaussianRows(
  y: usize,
  count: u32,
  rows: u32,
  key0: i32,
  key1: i32,
  stream: i32,
  block: u32,
  rowBlocks: u32,
  table: usize,
  scale: f32,
): void {
  const block1 = block + rowBlocks;
  const block2 = block1 + rowBlocks;
  const block3 = block2 + rowBlocks;
  const y1 = at(y, count);
  const y2 = at(y1, count);
  const y3 = at(y2, count);
  let from: u32 = 0;
  for (let i: u32 = 0; i < count; i += 20) {
    threefry16(key0, key1, stream, block + from, block1 + from, block2 + from, block3 + from);
    from += 4;
    gaussians(y, i, count, low0, high0, table, scale);
    if (rows > 1) gaussians(y1, i, count, low1, high1, table, scale);
    if (rows > 2) gaussians(y2, i, count, low2, high2, table, scale);
    if (rows > 3) gaussians(y3, i, count, low3, high3, table, scale);
  }
}

/** A row of signs: entry i is bit i mod 64 of its block's words, the lower word first. */
function signRow(
  y: usize,
  count: u32,
  key0: i32,
  key1: i32,
  stream: i32,
  block: u32,
  scale: f32,
): void {
  for (let i: u32 = 0; i < count; i += 1024) {
    threefry16(key0, key1, stream, block, block + 4, block + 8, block + 12);
    block += 16;
    signs(y, i, count, low0, high0, scale);
    if (i + 256 < count) signs(y, i + 256, count, low1, high1, scale);
    if (i + 512 < count) signs(y, i + 512, count, low2, high2, scale);
    if (i + 768 < count) signs(y, i + 768, count, low3, high3, scale);
  }
}

/** The entries of four blocks, as far as they lie before `count`. */
function signs(y: usize, i: u32, count: u32, low: v128, high: v128, scale: f32): void {
  signs32(y, i, count, i32x4.extract_lane(low, 0), scale);
  signs32(y, i + 32, count, i32x4.extract_lane(high, 0), scale);
  signs32(y, i + 64, count, i32x4.extract_lane(low, 1), scale);
  signs32(y, i + 96, count, i32x4.extract_lane(high, 1), scale);
  signs32(y, i + 128, count, i32x4.extract_lane(low, 2), scale);
  signs32(y, i + 160, count, i32x4.extract_lane(high, 2), scale);
  signs32(y, i + 192, count, i32x4.extract_lane(low, 3), scale);
  signs32(y, i + 224, count, i32x4.extract_lane(high, 3), scale);
}

/** The entries of a word, its lowest bit first; a set bit is −1. */
@inline
function signs32(y: usize, from: u32, count: u32, word: i32, scale: f32): void {
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
