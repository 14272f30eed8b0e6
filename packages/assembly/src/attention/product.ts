// Products with small matrices. The right one lies in panels of eight columns, each [inner, 8], one
// behind the other. Every element is summed up over `inner` in order, whichever tile makes it.
import { at, load4OrZero, store4 } from '../memory/lanes';

/** Columns of a panel. */
const COLUMNS: i32 = 8;

/** Rows that a tile makes at once. */
const ROWS: i32 = 4;

/** A number of columns that panels have, padding among them. */
@inline
export function paneled(columns: i32): i32 {
  return (columns + COLUMNS - 1) & -COLUMNS;
}

/**
 * Panels of a matrix [inner, columns], whose rows lie `stride` bytes apart, times `factor`; zeros behind
 * its last column.
 */
export function panelsOfRows(
  source: usize, stride: usize, inner: i32, columns: i32, target: usize, factor: f32,
): void {
  const by = f32x4.splat(factor);
  const panel = usize(inner) << 5;
  let from = source;
  for (let i = 0; i < inner; i++) {
    let to = target + (usize(i) << 5);
    let j = 0;
    for (; j + 8 <= columns; j += 8) {
      v128.store(to, f32x4.mul(v128.load(at(from, j)), by));
      v128.store(to, f32x4.mul(v128.load(at(from, j), 16), by), 16);
      to += panel;
    }
    if (j < columns) {
      const left = columns - j;
      const more = left > 4 ? load4OrZero(from, j + 4, columns) : f32x4.splat(0);
      v128.store(to, f32x4.mul(load4OrZero(from, j, columns), by));
      v128.store(to, f32x4.mul(more, by), 16);
    }
    from += stride;
  }
}

/**
 * Panels of the transpose of a matrix [count, inner], whose rows lie `stride` bytes apart, times
 * `factor`. Columns behind its last one repeat that.
 */
export function panelsOfColumns(
  source: usize, stride: usize, count: i32, inner: i32, target: usize, factor: f32,
): void {
  const by = f32x4.splat(factor);
  let to = target;
  for (let i = 0; i < count; i += 8) {
    const last = count - 1 - i;
    const from = source + usize(i) * stride;
    const r1 = from + usize(min(last, 1)) * stride;
    const r2 = from + usize(min(last, 2)) * stride;
    const r3 = from + usize(min(last, 3)) * stride;
    const r4 = from + usize(min(last, 4)) * stride;
    const r5 = from + usize(min(last, 5)) * stride;
    const r6 = from + usize(min(last, 6)) * stride;
    const r7 = from + usize(min(last, 7)) * stride;
    transposeFour(from, r1, r2, r3, inner, to, by);
    transposeFour(r4, r5, r6, r7, inner, to + 16, by);
    to += usize(inner) << 5;
  }
}

/** Four rows of `inner` become the columns of a half of a panel. */
@inline
function transposeFour(
  r0: usize, r1: usize, r2: usize, r3: usize, inner: i32, target: usize, by: v128,
): void {
  let to = target;
  let k = 0;
  for (; k + 4 <= inner; k += 4) {
    const x0 = f32x4.mul(v128.load(at(r0, k)), by);
    const x1 = f32x4.mul(v128.load(at(r1, k)), by);
    const x2 = f32x4.mul(v128.load(at(r2, k)), by);
    const x3 = f32x4.mul(v128.load(at(r3, k)), by);
    const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
    const low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5);
    const high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
    const high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
    v128.store(to, v128.shuffle<i64>(low01, low23, 1, 3), 32);
    v128.store(to, v128.shuffle<i64>(high01, high23, 0, 2), 64);
    v128.store(to, v128.shuffle<i64>(high01, high23, 1, 3), 96);
    to += 128;
  }
  for (; k < inner; k++) {
    let x = v128.load32_splat(at(r0, k));
    x = v128.load32_lane(at(r1, k), x, 1);
    x = v128.load32_lane(at(r2, k), x, 2);
    x = v128.load32_lane(at(r3, k), x, 3);
    v128.store(to, f32x4.mul(x, by));
    to += 32;
  }
}

/**
 * c = a · b. a [m, inner] and c [m, n] have rows that lie so many bytes apart, b is panels. Of the last
 * rows a tile begins where it still makes four: it makes some of them again.
 */
export function multiplyRows(
  a: usize, aRow: usize, m: i32, panels: usize, inner: i32, n: i32, c: usize, cRow: usize,
): void {
  let panel = panels;
  for (let j = 0; j < n; j += COLUMNS) {
    const to = at(c, j);
    if (m < ROWS) {
      for (let i = 0; i < m; i++) {
        oneRow(a + usize(i) * aRow, panel, inner, to + usize(i) * cRow, n - j);
      }
    } else {
      for (let i = 0; i < m; i += ROWS) {
        const first = usize(min(i, m - ROWS));
        fourRows(a + first * aRow, aRow, panel, inner, to + first * cRow, cRow, n - j);
      }
    }
    panel += usize(inner) << 5;
  }
}

@inline
function storeColumns(to: usize, columns: i32, x0: v128, x1: v128): void {
  if (columns >= COLUMNS) {
    v128.store(to, x0);
    v128.store(to, x1, 16);
  } else {
    store4(to, 0, columns, x0);
    if (columns > 4) store4(to, 4, columns, x1);
  }
}

function oneRow(a: usize, panel: usize, inner: i32, c: usize, columns: i32): void {
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let b = panel;
  for (let k = 0; k < inner; k++) {
    const x = v128.load32_splat(at(a, k));
    c0 = f32x4.add(c0, f32x4.mul(x, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(x, v128.load(b, 16)));
    b += 32;
  }
  storeColumns(c, columns, c0, c1);
}

function fourRows(
  a: usize, aRow: usize, panel: usize, inner: i32, c: usize, cRow: usize, columns: i32,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let a0 = a;
  let a1 = a0 + aRow;
  let a2 = a1 + aRow;
  let a3 = a2 + aRow;
  let b = panel;
  for (let k = 0; k < inner; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a3);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    b += 32;
  }
  storeColumns(c, columns, c00, c01);
  storeColumns(c + cRow, columns, c10, c11);
  storeColumns(c + 2 * cRow, columns, c20, c21);
  storeColumns(c + 3 * cRow, columns, c30, c31);
}

/**
 * c = aᵀ · b, or c + aᵀ · b where there is `more` of it. a [inner, m] has rows that lie `aRow` bytes
 * apart; c [m, n] lies without gaps; m is a multiple of 4 and n of 8. b is panels.
 */
export function multiplyColumns(
  a: usize, aRow: usize, m: i32, panels: usize, inner: i32, n: i32, c: usize, more: bool,
): void {
  const cRow = usize(n) << 2;
  let panel = panels;
  for (let j = 0; j < n; j += COLUMNS) {
    for (let i = 0; i < m; i += ROWS) {
      fourColumns(at(a, i), aRow, panel, inner, at(c + usize(i) * cRow, j), cRow, more);
    }
    panel += usize(inner) << 5;
  }
}

function fourColumns(
  a: usize, aRow: usize, panel: usize, inner: i32, c: usize, cRow: usize, more: bool,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  if (more) {
    c00 = v128.load(c);
    c01 = v128.load(c, 16);
    c10 = v128.load(c + cRow);
    c11 = v128.load(c + cRow, 16);
    c20 = v128.load(c + 2 * cRow);
    c21 = v128.load(c + 2 * cRow, 16);
    c30 = v128.load(c + 3 * cRow);
    c31 = v128.load(c + 3 * cRow, 16);
  }
  let from = a;
  let b = panel;
  for (let k = 0; k < inner; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(from);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(from, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(from, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(from, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    from += aRow;
    b += 32;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + cRow, c10);
  v128.store(c + cRow, c11, 16);
  v128.store(c + 2 * cRow, c20);
  v128.store(c + 2 * cRow, c21, 16);
  v128.store(c + 3 * cRow, c30);
  v128.store(c + 3 * cRow, c31, 16);
}
