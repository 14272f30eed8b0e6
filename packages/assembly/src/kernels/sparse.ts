// Products with sparse matrices in compressed rows: row i holds the entries from pointers[i] up to
// pointers[i + 1], each a column and, unless all are 1, a value.
import { at, load4, store4 } from '../memory/lanes';
import { bringNear, liesFar, NEAR } from '../memory/near';
import { rowsBegin, rowsEnd } from '../memory/share';

/** Elements of x that are brought near at once for a row: they stay in a second-level cache. */
const AHEAD: u32 = 4 * NEAR;

/**
 * Gives 1 + the position of a pointer that does not rise from 0 at the first to at most
 * `nonzeros` at the last, or 0. pointers: i32 [rows + 1].
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
function plus(sum: v128, from: usize, value: v128): v128 {
  return f32x4.add(sum, f32x4.mul(v128.load(from), value));
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
  const far = liesFar(columns, n);
  for (let row = shareOfEntries(pointers, rows, thread, threads); row < end; row++) {
    let entry = load<u32>(at(pointers, row));
    const last = load<u32>(at(pointers, row + 1));
    for (let i = entry; i < last; i++) {
      if (load<u32>(at(indices, i)) >= columns) return i + 1;
    }
    if (far && row + 1 < end) {
      const next = load<u32>(at(pointers, row + 2));
      bringEntriesNear(indices, last, next, x, columns, n);
    }
    const to = at(y, row * n);
    memory.fill(to, 0, usize(n) << 2);
    for (; entry + 4 <= last; entry += 4) addFour(indices, values, entry, x, to, n);
    for (; entry < last; entry++) addOne(indices, values, entry, x, to, n);
  }
  return 0;
}

/** Brings near what the first entries of begin … end multiply. */
function bringEntriesNear(
  indices: usize,
  begin: u32,
  end: u32,
  x: usize,
  columns: u32,
  n: u32,
): void {
  const to = min(end, begin + AHEAD / n);
  for (let entry = begin; entry < to; entry++) {
    const column = load<u32>(at(indices, entry));
    // A bad one is reported where its row's turn comes.
    if (column < columns) bringNear(at(x, column * n), n);
  }
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
  const tail = n & ~3;
  const whole = usize(tail) << 2;
  // Stores without a check, and one offset for all rows: fewer instructions between loads.
  for (let o: usize = 0; o < whole; o += 16) {
    const sum = plus(plus(v128.load(to + o), p0 + o, v0), p1 + o, v1);
    v128.store(to + o, plus(plus(sum, p2 + o, v2), p3 + o, v3));
  }
  if (tail == n) return;
  const sum = plus(plus(load4(to, tail), p0 + whole, v0), p1 + whole, v1);
  store4(to, tail, n, plus(plus(sum, p2 + whole, v2), p3 + whole, v3));
}

function addOne(indices: usize, values: usize, entry: u32, x: usize, to: usize, n: u32): void {
  const from = rowOf(x, indices, entry, usize(n) << 2);
  const value = valueOf(values, entry);
  const tail = n & ~3;
  const whole = usize(tail) << 2;
  for (let o: usize = 0; o < whole; o += 16) {
    v128.store(to + o, plus(v128.load(to + o), from + o, value));
  }
  if (tail < n) store4(to, tail, n, plus(load4(to, tail), from + whole, value));
}
