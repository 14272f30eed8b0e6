// Kernels that only move numbers.
import { at, load4, store4 } from '../memory/lanes';
import { rowsBegin, rowsEnd, shareBegin, shareEnd } from '../memory/share';

/** x = 0, f32 [n]. */
export function clear(thread: i32, threads: i32, x: usize, n: u32): void {
  const begin = shareBegin(n, thread, threads);
  memory.fill(at(x, begin), 0, usize(shareEnd(n, thread, threads) - begin) << 2);
}

/**
 * Repeats x along axes of stride 0. y: f32 [d0, d1, d2, n]; x has a stride for each axis, in
 * elements, the last 0 or 1.
 */
export function broadcastTo(
  thread: i32,
  threads: i32,
  x: usize,
  y: usize,
  d0: u32,
  d1: u32,
  d2: u32,
  n: u32,
  s0: u32,
  s1: u32,
  s2: u32,
  s3: u32,
): void {
  const end = shareEnd(d0 * d1 * d2 * n, thread, threads);
  let from = shareBegin(d0 * d1 * d2 * n, thread, threads);
  while (from < end) {
    let row = from / n;
    const column = from - row * n;
    const i2 = row % d2;
    row /= d2;
    const px = at(x, (row / d1) * s0 + (row % d1) * s1 + i2 * s2 + column * s3);
    const py = at(y, from);
    const count = min(n - column, end - from);
    if (s3 != 0) {
      memory.copy(py, px, usize(count) << 2);
    } else {
      const value = v128.load32_splat(px);
      for (let i: u32 = 0; i < count; i += 4) store4(py, i, count, value);
    }
    from += count;
  }
}

/** y[j, i] = x[i, j]; a thread has a range of y's rows. f32 [m, n] → f32 [n, m]. */
export function transpose(thread: i32, threads: i32, x: usize, y: usize, m: u32, n: u32): void {
  const end = shareEnd(n, thread, threads);
  for (let j = shareBegin(n, thread, threads); j < end; j += 16) {
    const stop = min(j + 16, end);
    if (stop - j == 16) {
      let i: u32 = 0;
      for (; i + 4 <= m; i += 4) {
        for (let k: u32 = 0; k < 16; k += 4) {
          transpose4(at(x, i * n + j + k), n << 2, at(y, (j + k) * m + i), m << 2);
        }
      }
      for (; i < m; i++) transposeRow(x, y, i, j, stop, m, n);
    } else {
      for (let i: u32 = 0; i < m; i++) transposeRow(x, y, i, j, stop, m, n);
    }
  }
}

@inline
function transposeRow(x: usize, y: usize, i: u32, from: u32, to: u32, m: u32, n: u32): void {
  for (let j = from; j < to; j++) f32.store(at(y, j * m + i), f32.load(at(x, i * n + j)));
}

/** Four by four; strides in bytes. */
@inline
function transpose4(x: usize, strideX: usize, y: usize, strideY: usize): void {
  const r0 = v128.load(x);
  const r1 = v128.load(x + strideX);
  const r2 = v128.load(x + 2 * strideX);
  const r3 = v128.load(x + 3 * strideX);
  const a = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const b = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const c = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const d = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(y, v128.shuffle<f32>(a, c, 0, 1, 4, 5));
  v128.store(y + strideY, v128.shuffle<f32>(a, c, 2, 3, 6, 7));
  v128.store(y + 2 * strideY, v128.shuffle<f32>(b, d, 0, 1, 4, 5));
  v128.store(y + 3 * strideY, v128.shuffle<f32>(b, d, 2, 3, 6, 7));
}

/**
 * y[i] = table[indices[i]]. f32 [rows, features], i32 [n] → f32 [n, features].
 * Gives 1 + the position of an index outside the table, or 0.
 */
export function gather(
  thread: i32,
  threads: i32,
  table: usize,
  indices: usize,
  y: usize,
  rows: u32,
  n: u32,
  features: u32,
): i32 {
  const end = rowsEnd(n, thread, threads);
  for (let i = rowsBegin(n, thread, threads); i < end; i++) {
    const index = load<u32>(at(indices, i));
    if (index >= rows) return i + 1;
    memory.copy(at(y, i * features), at(table, index * features), usize(features) << 2);
  }
  return 0;
}

/**
 * table[indices[i]] += x[i], in the order of i; a thread has a range of columns.
 * Gives 1 + the position of an index outside the table, or 0.
 */
export function scatterAdd(
  thread: i32,
  threads: i32,
  x: usize,
  indices: usize,
  table: usize,
  rows: u32,
  n: u32,
  features: u32,
): i32 {
  const begin = shareBegin(features, thread, threads);
  const end = shareEnd(features, thread, threads);
  for (let i: u32 = 0; i < n; i++) {
    const index = load<u32>(at(indices, i));
    if (index >= rows) return i + 1;
    const from = at(x, i * features);
    const to = at(table, index * features);
    for (let k = begin; k < end; k += 4) {
      store4(to, k, end, f32x4.add(load4(to, k), load4(from, k)));
    }
  }
  return 0;
}
