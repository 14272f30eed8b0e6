// How gradients pass the normalisation of each column of a matrix. Where starts, i32 [examples + 1],
// are given, the rows behind the last one are nobody's.
import { BLOCK, blocksOf, columnMean, padded } from '../math/column-blocks';
import { at, load4, store4 } from '../memory/lanes';
import { clearRows, usedRows } from '../memory/sequences';
import { rowsBegin, rowsEnd, shareBegin, shareEnd } from '../memory/share';

/** Each block's Σ dy and Σ dy · y, by column. y, dy: f32 [rows, n]. */
export function columnProjections(
  thread: i32,
  threads: i32,
  y: usize,
  dy: usize,
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
  all: u32,
  n: u32,
  starts: usize,
  examples: u32,
): void {
  const rows = usedRows(starts, examples, all);
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
 * dx = inverse · (dy − mean(dy) − y · mean(dy · y)), the means from {@link combineProjections}; zeros in
 * nobody's rows.
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
  all: u32,
  n: u32,
  starts: usize,
  examples: u32,
): void {
  const rows = usedRows(starts, examples, all);
  clearRows(thread, threads, dx, rows, all, n);
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
