// Rows of scores, one number a key of a sequence, in rooms of a multiple of 8 numbers. What lies behind
// the last key counts as a key that is not open.
import { powerOfE4 } from '../math/exp';
import { constant } from '../memory/constants';
import { at, load4, load4OrZero, sumLanes } from '../memory/lanes';
import { wordsFrom } from '../random/threefry';

const CLOSED: f32 = -Infinity;

const TABLE = memory.data<f32>([
  -Infinity, // the score of a key that is not open
  80, // a score so far above its row's log Σ exp counts as this far: sums of e^80 are finite
], 16);

/**
 * Lanes of the keys that are open, all bits set where the mask is not 0: of n keys in a room of `count`.
 * Gives whether any is.
 */
export function openKeys(mask: usize, n: i32, open: usize, count: i32): bool {
  let any = i32x4.splat(0);
  for (let j = 0; j < count; j += 4) {
    const lanes = j < n ? i32x4.ne(load4OrZero(mask, j, n), i32x4.splat(0)) : i32x4.splat(0);
    any = v128.or(any, lanes);
    v128.store(at(open, j), lanes);
  }
  return v128.any_true(any);
}

/** Scores at an address, −∞ where keys are not open. */
@inline
function openScores(row: usize, open: usize): v128 {
  return v128.bitselect(v128.load(row), constant(TABLE, 0), v128.load(open));
}

/**
 * Draws the 16 random bits of elements first … first + count of a stream to a buffer of u16 (room for
 * count + 18), and returns the address of the first one's.
 */
export function drawBits(buffer: usize, key: usize, stream: i32, first: u64, count: i32): usize {
  const skipped = i32(first & 3);
  wordsFrom(buffer, key, stream, first >> 2, (skipped + count + 15) >> 4);
  return buffer + (usize(skipped) << 1);
}

/** Lanes that dropout keeps, by the bits at an address. */
@inline
function keptLanes(bits: usize, least: v128): v128 {
  return i32x4.ge_s(v128.load_ext<u16>(bits), least);
}

/** What products of queries and keys of so many numbers are multiplied by. */
@inline
export function scaleOf(size: i32): f32 {
  return f32(1 / Math.sqrt(f64(size)));
}

/** What dropout multiplies by what it keeps. */
@inline
export function keptFactor(threshold: i32): f32 {
  return f32(1 / (1 - f64(threshold) / 65536));
}

/** The sum of what {@link powersOfRow} made last, before dropout; 1 for a row without an open key. */
export let sumOfPowers: f32 = 0;

/**
 * Scores become e^(score − largest), 0 for keys that are not open and for those that dropout drops. Gives
 * their log Σ exp. A row without an open key becomes zeros, with 0 as its log Σ exp. A row with a score
 * that is NaN or ∞, or with none that is finite though keys are open, becomes NaN.
 *
 * @param any whether a key is open
 * @param bits where the row's dropout bits begin, or 0 without dropout
 */
export function powersOfRow(
  row: usize, open: usize, any: bool, count: i32, bits: usize, threshold: i32,
): f32 {
  const end = at(row, count);
  const toOpen = open - row;
  let largest4 = f32x4.splat(CLOSED);
  let largest5 = largest4;
  for (let to = row; to < end; to += 32) {
    largest4 = f32x4.pmax(largest4, openScores(to, to + toOpen));
    largest5 = f32x4.pmax(largest5, openScores(to + 16, to + toOpen + 16));
  }
  largest4 = f32x4.pmax(largest4, largest5);
  const largest = max(
    max(f32x4.extract_lane(largest4, 0), f32x4.extract_lane(largest4, 1)),
    max(f32x4.extract_lane(largest4, 2), f32x4.extract_lane(largest4, 3)),
  );
  if (largest == CLOSED) {
    // Without a finite score though a key is open, they overflowed or are NaN: to be seen, not hidden.
    const all: f32 = any ? NaN : 0;
    for (let to = row; to < end; to += 16) v128.store(to, f32x4.splat(all));
    sumOfPowers = 1;
    return all;
  }
  const shift = f32x4.splat(largest);
  let sums = f32x4.splat(0);
  if (bits == 0) {
    for (let to = row; to < end; to += 16) {
      const e = powerOfE4(f32x4.sub(openScores(to, to + toOpen), shift));
      sums = f32x4.add(sums, e);
      v128.store(to, e);
    }
  } else {
    const least = i32x4.splat(threshold);
    let drawn = bits;
    for (let to = row; to < end; to += 16) {
      const e = powerOfE4(f32x4.sub(openScores(to, to + toOpen), shift));
      sums = f32x4.add(sums, e);
      v128.store(to, v128.and(e, keptLanes(drawn, least)));
      drawn += 8;
    }
  }
  sumOfPowers = sumLanes(sums);
  return largest + f32(Math.log(f64(sumOfPowers)));
}

/** y = by · x, and 0 where dropout drops, by the bits at an address that is not 0. y may be x. */
export function scaleRow(
  x: usize, y: usize, count: i32, by: f32, bits: usize, threshold: i32,
): void {
  const factor = f32x4.splat(by);
  const least = i32x4.splat(threshold);
  for (let j = 0; j < count; j += 4) {
    const scaled = f32x4.mul(load4(x, j), factor);
    const kept = bits == 0 ? scaled : v128.and(scaled, keptLanes(bits + (usize(j) << 1), least));
    v128.store(at(y, j), kept);
  }
}

/**
 * A row of scores becomes probabilities after dropout, and one of cotangents of those becomes cotangents
 * of the scores: dS = P · (dP − Σ P · dP), both by what dropout multiplies with, which is left to the
 * caller. The log Σ exp only keeps e^(score − logSumExp) in range: of large scores it is rounded by more
 * than keys that tie add to it, so probabilities are divided by their sum.
 */
export function scoreGradientOfRow(
  row: usize, drow: usize, open: usize, logSumExp: f32, count: i32, bits: usize, threshold: i32,
): void {
  const end = at(row, count);
  const toOpen = open - row;
  const toDrow = drow - row;
  const least = i32x4.splat(threshold);
  const shift = f32x4.splat(logSumExp);
  let sums = f32x4.splat(0);
  let totals = f32x4.splat(0);
  let drawn = bits;
  for (let to = row; to < end; to += 16) {
    const above = f32x4.sub(openScores(to, to + toOpen), shift);
    const p = powerOfE4(f32x4.pmin(above, constant(TABLE, 1)));
    let dp = v128.load(to + toDrow);
    if (bits != 0) {
      dp = v128.and(dp, keptLanes(drawn, least));
      drawn += 8;
    }
    v128.store(to, p);
    totals = f32x4.add(totals, p);
    sums = f32x4.add(sums, f32x4.mul(p, dp));
  }
  const total = sumLanes(totals);
  const by: f32 = total == 0 ? 0 : 1 / total;
  gradientOfRow(row, drow, count, by, sumLanes(sums) * by, bits, threshold);
}

/**
 * by · x are probabilities, drow cotangents of those after dropout: they become by · x after dropout,
 * and by · x · (drow after dropout − mean).
 */
export function gradientOfRow(
  row: usize, drow: usize, count: i32, by: f32, mean: f32, bits: usize, threshold: i32,
): void {
  const end = at(row, count);
  const toDrow = drow - row;
  const factor = f32x4.splat(by);
  const mean4 = f32x4.splat(mean);
  if (bits == 0) {
    for (let to = row; to < end; to += 16) {
      const p = f32x4.mul(v128.load(to), factor);
      v128.store(to + toDrow, f32x4.mul(p, f32x4.sub(v128.load(to + toDrow), mean4)));
      v128.store(to, p);
    }
    return;
  }
  const least = i32x4.splat(threshold);
  let drawn = bits;
  for (let to = row; to < end; to += 16) {
    const kept = keptLanes(drawn, least);
    const p = f32x4.mul(v128.load(to), factor);
    const dp = v128.and(v128.load(to + toDrow), kept);
    v128.store(to + toDrow, f32x4.mul(p, f32x4.sub(dp, mean4)));
    v128.store(to, v128.and(p, kept));
    drawn += 8;
  }
}

/** Σ x · drow after dropout. */
export function meanOfRow(x: usize, drow: usize, count: i32, bits: usize, threshold: i32): f32 {
  const least = i32x4.splat(threshold);
  let sums = f32x4.splat(0);
  for (let j = 0; j < count; j += 4) {
    const dp = load4(drow, j);
    const kept = bits == 0 ? dp : v128.and(dp, keptLanes(bits + (usize(j) << 1), least));
    sums = f32x4.add(sums, f32x4.mul(load4(x, j), kept));
  }
  return sumLanes(sums);
}

/**
 * {@link powersOfRow} of a block of queries: their scores, `padded` numbers each. `factors`, f32 [count],
 * are what their contexts are to be multiplied by.
 *
 * @param n keys
 * @param bits room for the block's dropout bits
 * @param first the number of the block's first probability
 */
export function powersOfBlock(
  scores: usize, open: usize, any: bool, padded: i32, n: i32, count: i32, bits: usize, key: usize,
  stream: i32, threshold: i32, first: u64, logSumExp: usize, factors: usize,
): void {
  const row = usize(padded) << 2;
  const kept = keptFactor(threshold);
  let own = bitsOfBlock(bits, key, stream, threshold, first, count * n);
  for (let r = 0; r < count; r++) {
    const sum = powersOfRow(scores + usize(r) * row, open, any, padded, own, threshold);
    f32.store(at(logSumExp, r), sum);
    f32.store(at(factors, r), kept / sumOfPowers);
    if (own != 0) own += usize(n) << 1;
  }
}

/** {@link scoreGradientOfRow} of a block of queries. */
export function scoreGradientOfBlock(
  scores: usize, dscores: usize, open: usize, padded: i32, n: i32, count: i32, bits: usize, key: usize,
  stream: i32, threshold: i32, first: u64, logSumExp: usize,
): void {
  const row = usize(padded) << 2;
  let own = bitsOfBlock(bits, key, stream, threshold, first, count * n);
  for (let r = 0; r < count; r++) {
    const offset = usize(r) * row;
    const sum = f32.load(at(logSumExp, r));
    scoreGradientOfRow(scores + offset, dscores + offset, open, sum, padded, own, threshold);
    if (own != 0) own += usize(n) << 1;
  }
}

/** Where the dropout bits of so many probabilities begin; 0 without dropout. */
@inline
function bitsOfBlock(
  bits: usize, key: usize, stream: i32, threshold: i32, first: u64, count: i32,
): usize {
  return threshold == 0 ? 0 : drawBits(bits, key, stream, first, count);
}
