import { at, load4, store4 } from '../memory/lanes';
import { bringNear, liesFar, NEAR } from '../memory/near';
import { partBegin } from '../memory/parts';
import { rowsBegin, rowsEnd, shareBegin, shareEnd } from '../memory/share';

/** The sign bit in all lanes where bit t of `bits` is set. */
@inline
function signOf(bits: usize, t: u32): v128 {
  const word = load<u32>(at(bits, t >> 5));
  return i32x4.splat(i32(((word >> (t & 31)) & 1) << 31));
}

/**
 * Deals rows of x, in their order, out to bins of nearly equal size and adds each bin up, signed:
 * core's balanced count-sketch. A thread has a range of bins.
 *
 * @param x f32 [n, features]
 * @param order i32 [n]
 * @param bits a sign for each place in the order, bit after bit
 * @param y f32 [bins, features]
 * @param blocks diagonal blocks of rows and bins
 * @returns 1 + the position of an index outside [0, n), or 0
 */
export function countBalanced(
  thread: i32,
  threads: i32,
  x: usize,
  order: usize,
  bits: usize,
  y: usize,
  n: u32,
  bins: u32,
  features: u32,
  blocks: u32,
): i32 {
  const from = rowsBegin(bins, thread, threads);
  const to = rowsEnd(bins, thread, threads);
  const far = liesFar(n, features);
  for (let block: u32 = 0; block < blocks; block++) {
    const firstBin = partBegin(bins, blocks, block);
    const endBin = partBegin(bins, blocks, block + 1);
    if (endBin <= from || firstBin >= to) continue;
    const first = partBegin(n, blocks, block);
    const rows = partBegin(n, blocks, block + 1) - first;
    const count = endBin - firstBin;
    let near = far ? first : first + rows;
    for (let bin = max(firstBin, from); bin < min(endBin, to); bin++) {
      const begin = first + partBegin(rows, count, bin - firstBin);
      const end = first + partBegin(rows, count, bin - firstBin + 1);
      if (end > near) near = bringRowsNear(x, order, n, features, begin, end, first + rows);
      const bad = addRows(x, order, bits, at(y, bin * features), n, features, begin, end);
      if (bad) return bad;
    }
  }
  return 0;
}

/**
 * Brings the rows order[begin … end) near, and some of those behind them up to `last`. Gives the
 * place behind the last such row.
 */
function bringRowsNear(
  x: usize,
  order: usize,
  n: u32,
  features: u32,
  begin: u32,
  end: u32,
  last: u32,
): u32 {
  const to = min(last, max(end, begin + NEAR / features));
  for (let t = begin; t < to; t++) {
    const row = load<u32>(at(order, t));
    if (row >= n) return to;
    bringNear(at(x, row * features), features);
  }
  return to;
}

/** y = Σ ± x[order[t]] for begin ≤ t < end, four rows at a time; 1 + the place of a bad index. */
function addRows(
  x: usize,
  order: usize,
  bits: usize,
  y: usize,
  n: u32,
  features: u32,
  begin: u32,
  end: u32,
): i32 {
  for (let t = begin; t < end; t++) if (load<u32>(at(order, t)) >= n) return t + 1;
  let t = begin;
  // Bins are rarely empty, so that the first rows are written and the others added.
  if (t + 4 > end) {
    if (t == end) {
      memory.fill(y, 0, usize(features) << 2);
      return 0;
    }
    const p = at(x, load<u32>(at(order, t)) * features);
    const s = signOf(bits, t);
    for (let i: u32 = 0; i < features; i += 4) store4(y, i, features, v128.xor(load4(p, i), s));
    t++;
  } else {
    addFour(x, order, bits, y, features, t, true);
    t += 4;
  }
  for (; t + 4 <= end; t += 4) addFour(x, order, bits, y, features, t, false);
  for (; t < end; t++) {
    const p = at(x, load<u32>(at(order, t)) * features);
    const s = signOf(bits, t);
    for (let i: u32 = 0; i < features; i += 4) {
      store4(y, i, features, f32x4.add(load4(y, i), v128.xor(load4(p, i), s)));
    }
  }
  return 0;
}

/** Four rows' signed sum, written to y or added to it. */
@inline
function addFour(
  x: usize,
  order: usize,
  bits: usize,
  y: usize,
  features: u32,
  t: u32,
  write: bool,
): void {
  const p0 = at(x, load<u32>(at(order, t)) * features);
  const p1 = at(x, load<u32>(at(order, t + 1)) * features);
  const p2 = at(x, load<u32>(at(order, t + 2)) * features);
  const p3 = at(x, load<u32>(at(order, t + 3)) * features);
  const s0 = signOf(bits, t);
  const s1 = signOf(bits, t + 1);
  const s2 = signOf(bits, t + 2);
  const s3 = signOf(bits, t + 3);
  const tail = features & ~3;
  const whole = usize(tail) << 2;
  // Stores without a check, and one offset for all rows: fewer instructions between loads keep more
  // of the rows' cache lines under way at once.
  for (let offset: usize = 0; offset < whole; offset += 16) {
    const sum = signedSum(p0 + offset, p1 + offset, p2 + offset, p3 + offset, s0, s1, s2, s3);
    v128.store(y + offset, write ? sum : f32x4.add(v128.load(y + offset), sum));
  }
  if (tail == features) return;
  const sum = signedSum(p0 + whole, p1 + whole, p2 + whole, p3 + whole, s0, s1, s2, s3);
  store4(y, tail, features, write ? sum : f32x4.add(load4(y, tail), sum));
}

/** Four elements of the signed sum of four rows. */
@inline
function signedSum(
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
): v128 {
  const a = f32x4.add(v128.xor(v128.load(p0), s0), v128.xor(v128.load(p1), s1));
  const b = f32x4.add(v128.xor(v128.load(p2), s2), v128.xor(v128.load(p3), s3));
  return f32x4.add(a, b);
}

/**
 * Adds each row of x, signed, to a bin drawn from its word: core's count-sketch of drawn bins. A
 * thread has a range of columns.
 *
 * @param order i32 [n], or 0 for the rows' own order
 * @param words a random word for each place in the order, i32 [n]
 * @param y f32 [bins, features]
 * @returns 1 + the position of an index outside [0, n), or 0
 */
export function countHashed(
  thread: i32,
  threads: i32,
  x: usize,
  order: usize,
  words: usize,
  y: usize,
  n: u32,
  bins: u32,
  features: u32,
  blocks: u32,
): i32 {
  const begin = shareBegin(features, thread, threads);
  const end = shareEnd(features, thread, threads);
  if (begin >= end) return 0;
  for (let bin: u32 = 0; bin < bins; bin++) {
    memory.fill(at(y, bin * features + begin), 0, usize(end - begin) << 2);
  }
  for (let block: u32 = 0; block < blocks; block++) {
    const firstBin = partBegin(bins, blocks, block);
    const count = u64(partBegin(bins, blocks, block + 1) - firstBin);
    const last = partBegin(n, blocks, block + 1);
    for (let t = partBegin(n, blocks, block); t < last; t++) {
      const row = order ? load<u32>(at(order, t)) : t;
      if (row >= n) return t + 1;
      const word = load<u32>(at(words, t));
      const bin = firstBin + u32((u64(word & ~1) * count) >> 32);
      const sign = i32x4.splat(i32((word & 1) << 31));
      const p = at(x, row * features);
      const to = at(y, bin * features);
      for (let i = begin; i < end; i += 4) {
        store4(to, i, end, f32x4.add(load4(to, i), v128.xor(load4(p, i), sign)));
      }
    }
  }
  return 0;
}
