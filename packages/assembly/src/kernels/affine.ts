import { at, load4, store4 } from '../memory/lanes';
import { rowsBegin, rowsEnd, shareBegin, shareEnd } from '../memory/share';

/** y = x · gain + bias. x, y: f32 [rows, n], y may be x; gain, bias: f32 [n]. */
export function affine(
  thread: i32,
  threads: i32,
  x: usize,
  gain: usize,
  bias: usize,
  y: usize,
  rows: u32,
  n: u32,
): void {
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    const from = at(x, row * n);
    const to = at(y, row * n);
    let i: u32 = 0;
    for (; i + 8 <= n; i += 8) {
      const y0 = f32x4.add(f32x4.mul(load4(from, i), load4(gain, i)), load4(bias, i));
      const y1 = f32x4.add(f32x4.mul(load4(from, i + 4), load4(gain, i + 4)), load4(bias, i + 4));
      v128.store(at(to, i), y0);
      v128.store(at(to, i), y1, 16);
    }
    for (; i < n; i += 4) {
      store4(to, i, n, f32x4.add(f32x4.mul(load4(from, i), load4(gain, i)), load4(bias, i)));
    }
  }
}

/**
 * dx = dy · gain, dgain = Σ dy · x and dbias = Σ dy over the rows; a thread has a range of columns.
 * x, dy, dx: f32 [rows, n], dx may be dy; gain, dgain, dbias: f32 [n].
 */
export function affineGradient(
  thread: i32,
  threads: i32,
  x: usize,
  gain: usize,
  dy: usize,
  dx: usize,
  dgain: usize,
  dbias: usize,
  rows: u32,
  n: u32,
): void {
  const begin = shareBegin(n, thread, threads);
  const end = shareEnd(n, thread, threads);
  memory.fill(at(dgain, begin), 0, usize(end - begin) << 2);
  memory.fill(at(dbias, begin), 0, usize(end - begin) << 2);
  // Four rows at a time, so that the sums are read and written less often.
  const whole = begin + ((end - begin) & ~3);
  const together = rows & ~3;
  const stride = usize(n) << 2;
  for (let row: u32 = 0; row < together; row += 4) {
    const g = at(dy, row * n);
    const p = at(x, row * n);
    const q = at(dx, row * n);
    for (let i = begin; i < whole; i += 4) {
      const g0 = load4(g, i);
      const g1 = load4(g + stride, i);
      const g2 = load4(g + 2 * stride, i);
      const g3 = load4(g + 3 * stride, i);
      const p0 = f32x4.mul(g0, load4(p, i));
      const p1 = f32x4.mul(g1, load4(p + stride, i));
      const p2 = f32x4.mul(g2, load4(p + 2 * stride, i));
      const p3 = f32x4.mul(g3, load4(p + 3 * stride, i));
      const sum = f32x4.add(f32x4.add(g0, g1), f32x4.add(g2, g3));
      const products = f32x4.add(f32x4.add(p0, p1), f32x4.add(p2, p3));
      v128.store(at(dbias, i), f32x4.add(load4(dbias, i), sum));
      v128.store(at(dgain, i), f32x4.add(load4(dgain, i), products));
      const by = load4(gain, i);
      v128.store(at(q, i), f32x4.mul(g0, by));
      v128.store(at(q + stride, i), f32x4.mul(g1, by));
      v128.store(at(q + 2 * stride, i), f32x4.mul(g2, by));
      v128.store(at(q + 3 * stride, i), f32x4.mul(g3, by));
    }
    if (whole < end) {
      for (let k = row; k < row + 4; k++) {
        rowGradient(x, gain, dy, dx, dgain, dbias, k * n, whole, end);
      }
    }
  }
  for (let row = together; row < rows; row++) {
    rowGradient(x, gain, dy, dx, dgain, dbias, row * n, begin, end);
  }
}

/** Columns `begin` to `end` of the row that starts at element `row`. */
function rowGradient(
  x: usize,
  gain: usize,
  dy: usize,
  dx: usize,
  dgain: usize,
  dbias: usize,
  row: u32,
  begin: u32,
  end: u32,
): void {
  const g = at(dy, row);
  const p = at(x, row);
  const q = at(dx, row);
  for (let i = begin; i < end; i += 4) {
    const g0 = load4(g, i);
    const p0 = load4(p, i);
    store4(dbias, i, end, f32x4.add(load4(dbias, i), g0));
    store4(dgain, i, end, f32x4.add(load4(dgain, i), f32x4.mul(g0, p0)));
    store4(q, i, end, f32x4.mul(g0, load4(gain, i)));
  }
}
