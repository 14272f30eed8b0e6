// Rows of scores, one number a key of a sequence, in rooms of a multiple of 8 numbers. What lies behind
// the last key counts as a key that is not open.
import { expOfNegative4 } from '../math/exp';
import { at, load4, load4OrZero, sumLanes } from '../memory/lanes';
import { wordsFrom } from '../random/threefry';

const CLOSED: f32 = -Infinity;

/** A score this far above its row's log Σ exp counts as this far: e^80 is finite, and so is a sum of them. */
const FARTHEST: f32 = 80;

/** What the sum of a row's probabilities is off 1 by where scores are below some hundreds. */
const ROUNDING: f32 = 4e-6;

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

/** Scores from `j` on, −∞ where keys are not open. */
@inline
function openScores(row: usize, open: usize, j: i32): v128 {
  return v128.bitselect(load4(row, j), f32x4.splat(CLOSED), load4(open, j));
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

/** Lanes that dropout keeps, of the elements from `j` on. */
@inline
function keptLanes(bits: usize, j: i32, least: v128): v128 {
  return i32x4.ge_s(v128.load_ext<u16>(bits + (usize(j) << 1)), least);
}

/** What dropout multiplies by what it keeps. */
@inline
export function keptFactor(threshold: i32): f32 {
  return f32(1 / (1 - f64(threshold) / 65536));
}

/** The sum of e^(score − largest) in the row that {@link powers} saw last. */
let sumOfPowers: f32 = 0;

/**
 * Scores become e^(score − largest), 0 for keys that are not open. Gives their log Σ exp. A row without
 * an open key becomes zeros, with 0 as its log Σ exp. A row with a score that is NaN or ∞, or with none
 * that is finite though keys are open, becomes NaN.
 *
 * @param any whether a key is open
 */
@inline
function powers(row: usize, open: usize, any: bool, count: i32): f32 {
  let largest4 = f32x4.splat(CLOSED);
  for (let j = 0; j < count; j += 4) largest4 = f32x4.pmax(largest4, openScores(row, open, j));
  const largest = max(
    max(f32x4.extract_lane(largest4, 0), f32x4.extract_lane(largest4, 1)),
    max(f32x4.extract_lane(largest4, 2), f32x4.extract_lane(largest4, 3)),
  );
  if (largest == CLOSED) {
    // Without a finite score though a key is open, they overflowed or are NaN: to be seen, not hidden.
    const all: f32 = any ? NaN : 0;
    for (let j = 0; j < count; j += 4) v128.store(at(row, j), f32x4.splat(all));
    sumOfPowers = 1;
    return all;
  }
  const shift = f32x4.splat(largest);
  let sums = f32x4.splat(0);
  for (let j = 0; j < count; j += 4) {
    const e = expOfNegative4(f32x4.sub(openScores(row, open, j), shift));
    sums = f32x4.add(sums, e);
    v128.store(at(row, j), e);
  }
  sumOfPowers = sumLanes(sums);
  return largest + f32(Math.log(f64(sumOfPowers)));
}

/** x · by where dropout keeps, 0 elsewhere; everywhere x · by where `bits` is 0. y may be x. */
@inline
function scaleKept(x: usize, y: usize, count: i32, by: f32, bits: usize, threshold: i32): void {
  const factor = f32x4.splat(by);
  if (bits == 0) {
    for (let j = 0; j < count; j += 4) v128.store(at(y, j), f32x4.mul(load4(x, j), factor));
    return;
  }
  const least = i32x4.splat(threshold);
  for (let j = 0; j < count; j += 4) {
    v128.store(at(y, j), v128.and(f32x4.mul(load4(x, j), factor), keptLanes(bits, j, least)));
  }
}

/**
 * A row of scores becomes its softmax, and that after dropout; see {@link powers}. Gives its log Σ exp.
 *
 * @param bits where the row's dropout bits begin, or 0 without dropout
 */
export function softmaxOfRow(
  row: usize, open: usize, any: bool, count: i32, bits: usize, threshold: i32,
): f32 {
  const logSumExp = powers(row, open, any, count);
  scaleKept(row, row, count, keptFactor(threshold) / sumOfPowers, bits, threshold);
  return logSumExp;
}

/** The same without dropout. */
export function probabilitiesOfRow(row: usize, open: usize, any: bool, count: i32): void {
  powers(row, open, any, count);
  scaleKept(row, row, count, 1 / sumOfPowers, 0, 0);
}

/** Dropout of a row x to y, which may be x; a copy where `bits` is 0. */
export function dropRow(x: usize, y: usize, count: i32, bits: usize, threshold: i32): void {
  scaleKept(x, y, count, keptFactor(threshold), bits, threshold);
}

/**
 * A row of scores becomes probabilities after dropout, and one of cotangents of those becomes cotangents
 * of the scores: dS = P · (dP − Σ P · dP). The log Σ exp only keeps e^(score − logSumExp) in range: of
 * large scores it is rounded by more than keys that tie add to it, so probabilities that do not sum to
 * 1 are divided by their sum.
 */
export function scoreGradientOfRow(
  row: usize, drow: usize, open: usize, logSumExp: f32, count: i32, bits: usize, threshold: i32,
): void {
  const least = i32x4.splat(threshold);
  const kept = f32x4.splat(keptFactor(threshold));
  const farthest = f32x4.splat(FARTHEST);
  const shift = f32x4.splat(logSumExp);
  let sums = f32x4.splat(0);
  let totals = f32x4.splat(0);
  for (let j = 0; j < count; j += 4) {
    const above = f32x4.sub(openScores(row, open, j), shift);
    const p = expOfNegative4(f32x4.pmin(above, farthest));
    let dp = load4(drow, j);
    if (bits != 0) {
      dp = v128.and(f32x4.mul(dp, kept), keptLanes(bits, j, least));
      v128.store(at(drow, j), dp);
    }
    v128.store(at(row, j), p);
    totals = f32x4.add(totals, p);
    sums = f32x4.add(sums, f32x4.mul(p, dp));
  }
  const total = sumLanes(totals);
  const by: f32 = total == 0 ? 0 : 1 / total;
  const isOne = abs(total - 1) <= ROUNDING;
  if (!isOne) scaleKept(row, row, count, by, 0, 0);
  gradientOfProbabilities(row, drow, count, sumLanes(sums) * (isOne ? 1 : by));
  if (bits != 0) dropRow(row, row, count, bits, threshold);
}

/** dS = P · (dP − mean), over dP. */
@inline
function gradientOfProbabilities(row: usize, drow: usize, count: i32, mean: f32): void {
  const mean4 = f32x4.splat(mean);
  for (let j = 0; j < count; j += 4) {
    v128.store(at(drow, j), f32x4.mul(load4(row, j), f32x4.sub(load4(drow, j), mean4)));
  }
}

/** As {@link scoreGradientOfRow}, of probabilities before dropout, which they are after it. */
export function gradientOfRow(
  row: usize, drow: usize, count: i32, bits: usize, threshold: i32,
): void {
  if (bits != 0) dropRow(drow, drow, count, bits, threshold);
  let sums = f32x4.splat(0);
  for (let j = 0; j < count; j += 4) {
    sums = f32x4.add(sums, f32x4.mul(load4(row, j), load4(drow, j)));
  }
  gradientOfProbabilities(row, drow, count, sumLanes(sums));
  if (bits != 0) dropRow(row, row, count, bits, threshold);
}
