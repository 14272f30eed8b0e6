import { at, load4, store4 } from '../memory/lanes';
import { rowsBegin, rowsEnd, shareBegin, shareEnd } from '../memory/share';
import { rowSquares, rowSum } from '../math/rows';

/** y[row] = Σ x[row, …]. f32 [rows, n] → f32 [rows]. */
export function sumRows(thread: i32, threads: i32, x: usize, y: usize, rows: u32, n: u32): void {
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    f32.store(at(y, row), rowSum(at(x, row * n), n));
  }
}

/** y[row] = Σ x[row, …]². f32 [rows, n] → f32 [rows]. */
export function squareRows(thread: i32, threads: i32, x: usize, y: usize, rows: u32, n: u32): void {
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    f32.store(at(y, row), rowSquares(at(x, row * n), n, 0));
  }
}

/** y[o, i] = Σ x[o, …, i], a range of y to a thread. f32 [outer, n, inner] → f32 [outer, inner]. */
export function sumMiddle(
  thread: i32,
  threads: i32,
  x: usize,
  y: usize,
  outer: u32,
  n: u32,
  inner: u32,
): void {
  const end = shareEnd(outer * inner, thread, threads);
  let from = shareBegin(outer * inner, thread, threads);
  while (from < end) {
    const o = from / inner;
    const column = from - o * inner;
    const count = min(inner - column, end - from);
    sumColumns(at(x, o * n * inner + column), at(y, from), n, inner, count);
    from += count;
  }
}

/** y[i] = Σ x[row · stride + i] for i < count, eight rows at a time. */
function sumColumns(x: usize, y: usize, rows: u32, stride: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i += 4) store4(y, i, count, f32x4.splat(0));
  const s = usize(stride) << 2;
  let row: u32 = 0;
  for (; row + 8 <= rows; row += 8) {
    const p0 = at(x, row * stride);
    const p1 = p0 + s;
    const p2 = p1 + s;
    const p3 = p2 + s;
    const p4 = p3 + s;
    const p5 = p4 + s;
    const p6 = p5 + s;
    const p7 = p6 + s;
    for (let i: u32 = 0; i < count; i += 4) {
      const a = f32x4.add(load4(p0, i), load4(p1, i));
      const b = f32x4.add(load4(p2, i), load4(p3, i));
      const c = f32x4.add(load4(p4, i), load4(p5, i));
      const d = f32x4.add(load4(p6, i), load4(p7, i));
      const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
      store4(y, i, count, f32x4.add(load4(y, i), sum));
    }
  }
  for (; row < rows; row++) {
    const p = at(x, row * stride);
    for (let i: u32 = 0; i < count; i += 4) {
      store4(y, i, count, f32x4.add(load4(y, i), load4(p, i)));
    }
  }
}

/** Elements that one partial sum of a whole tensor covers, whatever the number of threads. */
const BLOCK: u32 = 4096;

/** partials[b] = Σ x over block b. f32 [n] → f64 [⌈n / 4096⌉]. */
export function sumBlocks(thread: i32, threads: i32, x: usize, partials: usize, n: u32): void {
  const blocks = (n + BLOCK - 1) / BLOCK;
  const end = rowsEnd(blocks, thread, threads);
  for (let block = rowsBegin(blocks, thread, threads); block < end; block++) {
    const from = block * BLOCK;
    const sum = f64(rowSum(at(x, from), min(BLOCK, n - from)));
    f64.store(partials + (usize(block) << 3), sum);
  }
}

/** partials[b] = Σ x² over block b. f32 [n] → f64 [⌈n / 4096⌉]. */
export function squareBlocks(thread: i32, threads: i32, x: usize, partials: usize, n: u32): void {
  const blocks = (n + BLOCK - 1) / BLOCK;
  const end = rowsEnd(blocks, thread, threads);
  for (let block = rowsBegin(blocks, thread, threads); block < end; block++) {
    const from = block * BLOCK;
    const squares = f64(rowSquares(at(x, from), min(BLOCK, n - from), 0));
    f64.store(partials + (usize(block) << 3), squares);
  }
}

/** y = Σ partials, by the first thread. f64 [blocks] → f32 []. */
export function addBlocks(thread: i32, threads: i32, partials: usize, y: usize, blocks: u32): void {
  if (thread != 0) return;
  let sum: f64 = 0;
  for (let block: u32 = 0; block < blocks; block++) {
    sum += f64.load(partials + (usize(block) << 3));
  }
  f32.store(y, f32(sum));
}
