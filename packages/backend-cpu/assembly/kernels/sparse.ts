// Products with sparse matrices in compressed rows: row i holds the entries from pointers[i] up to
// pointers[i + 1], each a column and, unless all are 1, a value.
import { at, load4, store4 } from '../memory/lanes';
import { rowsBegin, rowsEnd } from '../memory/share';

/**
 * Gives 1 + the position of a pointer that does not rise from 0 at the first to `nonzeros` at the
 * last, or 0. pointers: i32 [rows + 1].
 */
export function checkRowPointers(
  thread: i32,
  threads: i32,
  pointers: usize,
  rows: u32,
  nonzeros: u32,
): i32 {
  const end = rowsEnd(rows + 1, thread, threads);
  for (let i = rowsBegin(rows + 1, thread, threads); i < end; i++) {
    const pointer = load<u32>(at(pointers, i));
    const least: u32 = i == 0 ? 0 : load<u32>(at(pointers, i - 1));
    if (pointer < least || pointer > nonzeros) return i + 1;
    if (i == 0 && pointer != 0) return i + 1;
    if (i == rows && pointer != nonzeros) return i + 1;
  }
  return 0;
}

/**
 * First row of a thread's share: shares are alike in nonzeros and rows together, since a row costs
 * its writing besides its entries.
 */
function shareOfEntries(pointers: usize, rows: u32, thread: i32, threads: i32): u32 {
  const total = u64(load<u32>(at(pointers, rows))) + u64(rows);
  const wanted = (total * u64(thread)) / u64(threads);
  let low: u32 = 0;
  let high = rows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (u64(load<u32>(at(pointers, middle))) + u64(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An entry's value in all lanes. */
@inline
function valueOf(values: usize, entry: u32): v128 {
  return values == 0 ? f32x4.splat(1) : v128.load32_splat(at(values, entry));
}

/** The row of x that an entry multiplies; `stride` is a row's bytes. */
@inline
function rowOf(x: usize, indices: usize, entry: u32, stride: usize): usize {
  return x + usize(load<u32>(at(indices, entry))) * stride;
}

@inline
function plus(sum: v128, row: usize, offset: usize, value: v128): v128 {
  return f32x4.add(sum, f32x4.mul(v128.load(row + offset), value));
}

/**
 * y = A · x for A of `rows` compressed rows; values is 0 where all are 1. Sums run in the order of
 * a row's entries, so that bits do not depend on the threads. x: f32 [columns, n], y: f32 [rows, n].
 * Gives 1 + the position of a column index that is none, or 0.
 */
export function sparseMatmul(
  thread: i32,
  threads: i32,
  pointers: usize,
  indices: usize,
  values: usize,
  x: usize,
  y: usize,
  rows: u32,
  columns: u32,
  n: u32,
): i32 {
  const end = shareOfEntries(pointers, rows, thread + 1, threads);
  for (let row = shareOfEntries(pointers, rows, thread, threads); row < end; row++) {
    let entry = load<u32>(at(pointers, row));
    const last = load<u32>(at(pointers, row + 1));
    for (let i = entry; i < last; i++) {
      if (load<u32>(at(indices, i)) >= columns) return i + 1;
    }
    const to = at(y, row * n);
    memory.fill(to, 0, usize(n) << 2);
    for (; entry + 4 <= last; entry += 4) addFour(indices, values, entry, x, to, n);
    for (; entry < last; entry++) addOne(indices, values, entry, x, to, n);
  }
  return 0;
}

/**
 * Adds four entries to a row of y. Rows of x lie anywhere in memory, so four of them are fetched at
 * once, each from its begin to its end; the row of y stays in the cache meanwhile.
 */
function addFour(indices: usize, values: usize, entry: u32, x: usize, to: usize, n: u32): void {
  const stride = usize(n) << 2;
  const p0 = rowOf(x, indices, entry, stride);
  const p1 = rowOf(x, indices, entry + 1, stride);
  const p2 = rowOf(x, indices, entry + 2, stride);
  const p3 = rowOf(x, indices, entry + 3, stride);
  const v0 = valueOf(values, entry);
  const v1 = valueOf(values, entry + 1);
  const v2 = valueOf(values, entry + 2);
  const v3 = valueOf(values, entry + 3);
  let i: u32 = 0;
  for (; i + 8 <= n; i += 8) {
    const o = usize(i) << 2;
    const sum0 = plus(plus(v128.load(to + o), p0, o, v0), p1, o, v1);
    const sum1 = plus(plus(v128.load(to + o, 16), p0, o + 16, v0), p1, o + 16, v1);
    v128.store(to + o, plus(plus(sum0, p2, o, v2), p3, o, v3));
    v128.store(to + o, plus(plus(sum1, p2, o + 16, v2), p3, o + 16, v3), 16);
  }
  for (; i < n; i += 4) {
    const o = usize(i) << 2;
    const sum = plus(plus(load4(to, i), p0, o, v0), p1, o, v1);
    store4(to, i, n, plus(plus(sum, p2, o, v2), p3, o, v3));
  }
}

function addOne(indices: usize, values: usize, entry: u32, x: usize, to: usize, n: u32): void {
  const from = rowOf(x, indices, entry, usize(n) << 2);
  const value = valueOf(values, entry);
  let i: u32 = 0;
  for (; i + 8 <= n; i += 8) {
    const o = usize(i) << 2;
    v128.store(to + o, plus(v128.load(to + o), from, o, value));
    v128.store(to + o, plus(v128.load(to + o, 16), from, o + 16, value), 16);
  }
  for (; i < n; i += 4) store4(to, i, n, plus(load4(to, i), from, usize(i) << 2, value));
}
