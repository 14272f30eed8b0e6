// Normalisation of each column of a matrix, in one pass over it for the statistics and one for the
// result. Where starts, i32 [examples + 1], are given, the rows behind the last one are nobody's.
import { BLOCK, blocksOf, columnMean, padded, rowsOf } from '../math/column-blocks';
import { at, load4, store4 } from '../memory/lanes';
import { clearRows, usedRows } from '../memory/sequences';
import { rowsBegin, rowsEnd, shareBegin, shareEnd } from '../memory/share';

/** Each block's mean and sum of squared distances from it, by column. x: f32 [rows, n]. */
export function columnStatistics(
  thread: i32,
  threads: i32,
  x: usize,
  partials: usize,
  all: u32,
  n: u32,
  starts: usize,
  examples: u32,
): void {
  const rows = usedRows(starts, examples, all);
  const stride = padded(n);
  const end = rowsEnd(blocksOf(rows), thread, threads);
  for (let block = rowsBegin(blocksOf(rows), thread, threads); block < end; block++) {
    const first = block * BLOCK;
    const last = min(first + BLOCK, rows);
    const mean = at(partials, block * 2 * stride);
    const squares = at(mean, stride);
    memory.fill(mean, 0, usize(2 * stride) << 2);
    let row = first;
    for (; row + 4 <= last; row += 4) addRows(at(x, row * n), mean, n);
    for (; row < last; row++) addRow(at(x, row * n), mean, n);
    const share = f32x4.splat(1 / f32(last - first));
    for (let i: u32 = 0; i < n; i += 4) store4(mean, i, n, f32x4.mul(load4(mean, i), share));
    row = first;
    for (; row + 4 <= last; row += 4) addSquares(at(x, row * n), mean, squares, n);
    for (; row < last; row++) addSquare(at(x, row * n), mean, squares, n);
  }
}

function addRow(x: usize, sums: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i += 4) store4(sums, i, n, f32x4.add(load4(sums, i), load4(x, i)));
}

/** Four rows at once, so that the sums are read and written less often. */
function addRows(x: usize, sums: usize, n: u32): void {
  const s = usize(n) << 2;
  for (let i: u32 = 0; i < n; i += 4) {
    const a = f32x4.add(load4(x, i), load4(x + s, i));
    const b = f32x4.add(load4(x + 2 * s, i), load4(x + 3 * s, i));
    store4(sums, i, n, f32x4.add(load4(sums, i), f32x4.add(a, b)));
  }
}

@inline
function square(x: usize, i: u32, center: v128): v128 {
  const d = f32x4.sub(load4(x, i), center);
  return f32x4.mul(d, d);
}

function addSquare(x: usize, mean: usize, sums: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i += 4) {
    store4(sums, i, n, f32x4.add(load4(sums, i), square(x, i, load4(mean, i))));
  }
}

function addSquares(x: usize, mean: usize, sums: usize, n: u32): void {
  const s = usize(n) << 2;
  for (let i: u32 = 0; i < n; i += 4) {
    const center = load4(mean, i);
    const a = f32x4.add(square(x, i, center), square(x + s, i, center));
    const b = f32x4.add(square(x + 2 * s, i, center), square(x + 3 * s, i, center));
    store4(sums, i, n, f32x4.add(load4(sums, i), f32x4.add(a, b)));
  }
}

/**
 * Mean, variance (of the population; the unbiased one where starts are given) and
 * 1/√(variance of the population + ε) of each column from the blocks' partials:
 * the squares about the blocks' own means, and those of the means about the whole (Chan, Golub and
 * LeVeque 1979). A column whose sums or squares leave f32 is gone through again, in f64. A thread has
 * a range of columns. x: f32 [rows, n]; the others f32 [n].
 */
export function combineStatistics(
  thread: i32,
  threads: i32,
  x: usize,
  partials: usize,
  inverse: usize,
  mean: usize,
  variance: usize,
  all: u32,
  n: u32,
  epsilon: f64,
  starts: usize,
  examples: u32,
): void {
  const rows = usedRows(starts, examples, all);
  const unbiased: f64 = starts == 0 ? 1.0 : f64(rows) / f64(rows - 1);
  const stride = padded(n);
  const blocks = blocksOf(rows);
  const end = shareEnd(n, thread, threads);
  for (let i = shareBegin(n, thread, threads); i < end; i++) {
    let total: f64 = 0;
    for (let block: u32 = 0; block < blocks; block++) {
      total += f64(f32.load(at(partials, block * 2 * stride + i))) * rowsOf(block, rows);
    }
    let center = total / f64(rows);
    let squares: f64 = 0;
    for (let block: u32 = 0; block < blocks; block++) {
      const distance = f64(f32.load(at(partials, block * 2 * stride + i))) - center;
      squares += f64(f32.load(at(partials, (block * 2 + 1) * stride + i)));
      squares += distance * distance * rowsOf(block, rows);
    }
    if (!(squares < Infinity)) {
      center = columnMean(x, i, rows, n);
      squares = columnSquares(x, i, rows, n, center);
    }
    squares /= f64(rows);
    f32.store(at(mean, i), f32(center));
    f32.store(at(variance, i), f32(squares * unbiased));
    f32.store(at(inverse, i), f32(1 / sqrt<f64>(squares + epsilon)));
  }
}

/** Σ (x − center)² over a column. */
function columnSquares(x: usize, i: u32, rows: u32, n: u32, center: f64): f64 {
  let squares: f64 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const distance = f64(f32.load(at(x, row * n + i))) - center;
    squares += distance * distance;
  }
  return squares;
}

/**
 * y = (x − mean) · inverse, zeros in nobody's rows. x, y: f32 [rows, n], y may be x; mean, inverse:
 * f32 [n].
 */
export function normalizeColumns(
  thread: i32,
  threads: i32,
  x: usize,
  mean: usize,
  inverse: usize,
  y: usize,
  all: u32,
  n: u32,
  starts: usize,
  examples: u32,
): void {
  const rows = usedRows(starts, examples, all);
  clearRows(thread, threads, y, rows, all, n);
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    const from = at(x, row * n);
    const to = at(y, row * n);
    for (let i: u32 = 0; i < n; i += 4) {
      const centered = f32x4.sub(load4(from, i), load4(mean, i));
      store4(to, i, n, f32x4.mul(centered, load4(inverse, i)));
    }
  }
}
