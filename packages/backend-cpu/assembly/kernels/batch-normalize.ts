// Normalisation of each column of a matrix, in one pass over it for the statistics and one for the
// result. Blocks of rows that the cache holds give partial results, in f32; these are combined in
// f64, so that a hundred thousand rows cost no accuracy. A block's partials are two vectors of n
// floats, each padded to a multiple of 16.
import { at, load4, store4 } from '../memory/lanes';
import { rowsBegin, rowsEnd, shareBegin, shareEnd } from '../memory/share';

/** Rows to a block, whatever the number of threads. */
const BLOCK: u32 = 256;

@inline
function padded(n: u32): u32 {
  return (n + 15) & ~15;
}

@inline
function blocksOf(rows: u32): u32 {
  return (rows + BLOCK - 1) / BLOCK;
}

/** Each block's mean and sum of squared distances from it, by column. x: f32 [rows, n]. */
export function columnStatistics(
  thread: i32,
  threads: i32,
  x: usize,
  partials: usize,
  rows: u32,
  n: u32,
): void {
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
 * Mean, variance (of the population) and 1/√(variance + ε) of each column from the blocks' partials:
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
  rows: u32,
  n: u32,
  epsilon: f64,
): void {
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
    f32.store(at(variance, i), f32(squares));
    f32.store(at(inverse, i), f32(1 / sqrt<f64>(squares + epsilon)));
  }
}

function columnMean(x: usize, i: u32, rows: u32, n: u32): f64 {
  let sum: f64 = 0;
  for (let row: u32 = 0; row < rows; row++) sum += f64(f32.load(at(x, row * n + i)));
  return sum / f64(rows);
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

@inline
function rowsOf(block: u32, rows: u32): f64 {
  return f64(min(BLOCK, rows - block * BLOCK));
}

/** y = (x − mean) · inverse. x, y: f32 [rows, n], y may be x; mean, inverse: f32 [n]. */
export function normalizeColumns(
  thread: i32,
  threads: i32,
  x: usize,
  mean: usize,
  inverse: usize,
  y: usize,
  rows: u32,
  n: u32,
): void {
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

/** Each block's Σ dy and Σ dy · y, by column. y, dy: f32 [rows, n]. */
export function columnProjections(
  thread: i32,
  threads: i32,
  y: usize,
  dy: usize,
  partials: usize,
  rows: u32,
  n: u32,
): void {
  const stride = padded(n);
  const end = rowsEnd(blocksOf(rows), thread, threads);
  for (let block = rowsBegin(blocksOf(rows), thread, threads); block < end; block++) {
    const first = block * BLOCK;
    const last = min(first + BLOCK, rows);
    const sums = at(partials, block * 2 * stride);
    const along = at(sums, stride);
    memory.fill(sums, 0, usize(2 * stride) << 2);
    let row = first;
    for (; row + 2 <= last; row += 2) addPair(at(y, row * n), at(dy, row * n), sums, along, n);
    if (row < last) addProjection(at(y, row * n), at(dy, row * n), sums, along, n);
  }
}

function addPair(y: usize, dy: usize, sums: usize, along: usize, n: u32): void {
  const s = usize(n) << 2;
  for (let i: u32 = 0; i < n; i += 4) {
    const g0 = load4(dy, i);
    const g1 = load4(dy + s, i);
    const products = f32x4.add(f32x4.mul(g0, load4(y, i)), f32x4.mul(g1, load4(y + s, i)));
    store4(sums, i, n, f32x4.add(load4(sums, i), f32x4.add(g0, g1)));
    store4(along, i, n, f32x4.add(load4(along, i), products));
  }
}

function addProjection(y: usize, dy: usize, sums: usize, along: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i += 4) {
    const g = load4(dy, i);
    store4(sums, i, n, f32x4.add(load4(sums, i), g));
    store4(along, i, n, f32x4.add(load4(along, i), f32x4.mul(g, load4(y, i))));
  }
}

/** Σ y · dy over a column. */
function columnProduct(y: usize, dy: usize, i: u32, rows: u32, n: u32): f64 {
  let sum: f64 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    sum += f64(f32.load(at(y, row * n + i))) * f64(f32.load(at(dy, row * n + i)));
  }
  return sum;
}

/**
 * Means over all rows in place of the first block's sums; a thread has a range of columns. Those whose
 * sums leave f32 are gone through again, in f64.
 */
export function combineProjections(
  thread: i32,
  threads: i32,
  y: usize,
  dy: usize,
  partials: usize,
  rows: u32,
  n: u32,
): void {
  const stride = padded(n);
  const blocks = blocksOf(rows);
  const end = shareEnd(n, thread, threads);
  for (let i = shareBegin(n, thread, threads); i < end; i++) {
    let sum: f64 = 0;
    let along: f64 = 0;
    for (let block: u32 = 0; block < blocks; block++) {
      sum += f64(f32.load(at(partials, block * 2 * stride + i)));
      along += f64(f32.load(at(partials, (block * 2 + 1) * stride + i)));
    }
    if (!(abs(sum) < Infinity && abs(along) < Infinity)) {
      sum = rows * columnMean(dy, i, rows, n);
      along = columnProduct(y, dy, i, rows, n);
    }
    f32.store(at(partials, i), f32(sum / f64(rows)));
    f32.store(at(partials, stride + i), f32(along / f64(rows)));
  }
}

/**
 * dx = inverse · (dy − mean(dy) − y · mean(dy · y)), the means from {@link combineProjections}.
 * y, dy, dx: f32 [rows, n], dx may be y or dy; inverse: f32 [n].
 */
export function projectColumns(
  thread: i32,
  threads: i32,
  y: usize,
  inverse: usize,
  dy: usize,
  means: usize,
  dx: usize,
  rows: u32,
  n: u32,
): void {
  const along = at(means, padded(n));
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    const out = at(y, row * n);
    const g = at(dy, row * n);
    const to = at(dx, row * n);
    for (let i: u32 = 0; i < n; i += 4) {
      const centered = f32x4.sub(load4(g, i), load4(means, i));
      const rest = f32x4.sub(centered, f32x4.mul(load4(out, i), load4(along, i)));
      store4(to, i, n, f32x4.mul(rest, load4(inverse, i)));
    }
  }
}
