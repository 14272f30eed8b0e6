import { expOfNegative4 } from '../math/exp';
import { at, load4, load4OrZero, store4, sumLanes } from '../memory/lanes';
import { wordsFrom } from '../random/threefry';

const CLOSED: f32 = -Infinity;

/** A score this far above its row's log Σ exp counts as this far: e^80 is finite, and so is a sum of them. */
const FARTHEST: f32 = 80;

/** Scores from `j` on, −∞ where the mask is 0 and from `n` on. */
@inline
function openScores(row: usize, mask: usize, j: i32, n: i32): v128 {
  const open = i32x4.ne(load4OrZero(mask, j, n), i32x4.splat(0));
  return v128.bitselect(load4(row, j), f32x4.splat(CLOSED), open);
}

/** What the sum of a row's probabilities is off 1 by where scores are below some hundreds. */
const ROUNDING: f32 = 4e-6;

function scaleRow(row: usize, n: i32, by: f32): void {
  const factor = f32x4.splat(by);
  for (let j = 0; j < n; j += 4) store4(row, j, n, f32x4.mul(load4(row, j), factor));
}

/** Whether the mask of any key is not 0. */
function someOpen(mask: usize, n: i32): bool {
  for (let j = 0; j < n; j++) if (load<i32>(at(mask, j)) != 0) return true;
  return false;
}

/**
 * Draws the 16 random bits of elements first … first + count of a stream to a buffer of u16 (room for
 * count + 32), and returns the address of the first one's.
 */
@inline
function drawBits(buffer: usize, key: usize, stream: i32, first: u64, count: i32): usize {
  const skipped = i32(first & 3);
  wordsFrom(buffer, key, stream, first >> 2, (skipped + count + 15) >> 4);
  return buffer + (usize(skipped) << 1);
}

/** Lanes that dropout keeps, of the elements from `j` on. */
@inline
function keptLanes(bits: usize, j: i32, least: v128): v128 {
  return i32x4.ge_s(v128.load_ext<u16>(bits + (usize(j) << 1)), least);
}

@inline
function keptFactor(threshold: i32): f32 {
  return f32(1 / (1 - f64(threshold) / 65536));
}

/**
 * Softmax, then dropout, of rows of scores [rows, n] in place. A key whose mask is 0 gets probability
 * 0; a row without an open key becomes zeros, with 0 as its log Σ exp. A row with a score that is NaN
 * or ∞, or with none that is finite though keys are open, becomes NaN. On one thread.
 *
 * @param mask i32 [n], the same for all rows
 * @param logSumExp f32 [rows], written
 * @param firstRow number of the first row among all of the op's; row r's dropout elements start at r · n
 * @param bits room for n + 32 u16
 */
export function attentionSoftmax(
  scores: usize, mask: usize, logSumExp: usize, rows: i32, n: i32,
  key: usize, stream: i32, threshold: i32, firstRow: i32, bits: usize,
): void {
  const least = i32x4.splat(threshold);
  const kept = keptFactor(threshold);
  for (let r = 0; r < rows; r++) {
    const row = at(scores, r * n);
    let largest4 = f32x4.splat(CLOSED);
    for (let j = 0; j < n; j += 4) largest4 = f32x4.pmax(largest4, openScores(row, mask, j, n));
    const largest = max(
      max(f32x4.extract_lane(largest4, 0), f32x4.extract_lane(largest4, 1)),
      max(f32x4.extract_lane(largest4, 2), f32x4.extract_lane(largest4, 3)),
    );
    if (largest == CLOSED) {
      // Without a finite score though a key is open, they overflowed or are NaN: to be seen, not hidden.
      const all: f32 = someOpen(mask, n) ? NaN : 0;
      for (let j = 0; j < n; j++) f32.store(at(row, j), all);
      f32.store(at(logSumExp, r), all);
      continue;
    }
    const shift = f32x4.splat(largest);
    let sums = f32x4.splat(0);
    for (let j = 0; j < n; j += 4) {
      const e = expOfNegative4(f32x4.sub(openScores(row, mask, j, n), shift));
      sums = f32x4.add(sums, e);
      store4(row, j, n, e);
    }
    const sum = sumLanes(sums);
    f32.store(at(logSumExp, r), largest + f32(Math.log(f64(sum))));
    if (threshold == 0) {
      const by = f32x4.splat(1 / sum);
      for (let j = 0; j < n; j += 4) store4(row, j, n, f32x4.mul(load4(row, j), by));
    } else {
      const by = f32x4.splat(kept / sum);
      const drawn = drawBits(bits, key, stream, u64(firstRow + r) * u64(n), n);
      for (let j = 0; j < n; j += 4) {
        const p = f32x4.mul(load4(row, j), by);
        store4(row, j, n, v128.and(p, keptLanes(drawn, j, least)));
      }
    }
  }
}

/**
 * Rows of scores become probabilities after dropout, and rows of cotangents of those become cotangents
 * of the scores: dS = P · (dP − Σ P · dP). Both [rows, n], in place; the rest as in attentionSoftmax,
 * logSumExp being read. It only keeps e^(score − logSumExp) in range: of large scores it is rounded by
 * more than keys that tie add to it, so probabilities that do not sum to 1 are divided by their sum. On
 * one thread.
 */
export function attentionScoreGradient(
  scores: usize, dscores: usize, mask: usize, logSumExp: usize, rows: i32, n: i32,
  key: usize, stream: i32, threshold: i32, firstRow: i32, bits: usize,
): void {
  const least = i32x4.splat(threshold);
  const kept = f32x4.splat(keptFactor(threshold));
  const farthest = f32x4.splat(FARTHEST);
  for (let r = 0; r < rows; r++) {
    const row = at(scores, r * n);
    const drow = at(dscores, r * n);
    const shift = f32x4.splat(f32.load(at(logSumExp, r)));
    let sums = f32x4.splat(0);
    let totals = f32x4.splat(0);
    let drawn: usize = 0;
    if (threshold != 0) drawn = drawBits(bits, key, stream, u64(firstRow + r) * u64(n), n);
    for (let j = 0; j < n; j += 4) {
      const above = f32x4.sub(openScores(row, mask, j, n), shift);
      const p = expOfNegative4(f32x4.pmin(above, farthest));
      let dp = load4OrZero(drow, j, n);
      if (drawn != 0) {
        dp = v128.and(f32x4.mul(dp, kept), keptLanes(drawn, j, least));
        store4(drow, j, n, dp);
      }
      store4(row, j, n, p);
      totals = f32x4.add(totals, p);
      sums = f32x4.add(sums, f32x4.mul(p, dp));
    }
    const total = sumLanes(totals);
    const by: f32 = total == 0 ? 0 : 1 / total;
    const isOne = abs(total - 1) <= ROUNDING;
    if (!isOne) scaleRow(row, n, by);
    const mean = f32x4.splat(sumLanes(sums) * (isOne ? 1 : by));
    for (let j = 0; j < n; j += 4) {
      const p = load4(row, j);
      store4(drow, j, n, f32x4.mul(p, f32x4.sub(load4(drow, j), mean)));
      if (drawn != 0) store4(row, j, n, v128.and(f32x4.mul(p, kept), keptLanes(drawn, j, least)));
    }
  }
}
