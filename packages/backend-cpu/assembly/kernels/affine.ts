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
  const end = shareEnd(n, thread, threads);
  const begin = shareBegin(n, thread, threads);
  for (let i = begin; i < end; i += 4) {
    store4(dgain, i, end, f32x4.splat(0));
    store4(dbias, i, end, f32x4.splat(0));
  }
  let row: u32 = 0;
  // Four rows at a time, so that the sums are read and written less often.
  for (; row + 4 <= rows; row += 4) {
    const r0 = row * n;
    const r1 = r0 + n;
    const r2 = r1 + n;
    const r3 = r2 + n;
    for (let i = begin; i < end; i += 4) {
      const g0 = load4(dy, r0 + i);
      const g1 = load4(dy, r1 + i);
      const g2 = load4(dy, r2 + i);
      const g3 = load4(dy, r3 + i);
      const p0 = f32x4.mul(g0, load4(x, r0 + i));
      const p1 = f32x4.mul(g1, load4(x, r1 + i));
      const p2 = f32x4.mul(g2, load4(x, r2 + i));
      const p3 = f32x4.mul(g3, load4(x, r3 + i));
      const sum = f32x4.add(f32x4.add(g0, g1), f32x4.add(g2, g3));
      const products = f32x4.add(f32x4.add(p0, p1), f32x4.add(p2, p3));
      store4(dbias, i, end, f32x4.add(load4(dbias, i), sum));
      store4(dgain, i, end, f32x4.add(load4(dgain, i), products));
      const by = load4(gain, i);
      store4(dx, r0 + i, r0 + end, f32x4.mul(g0, by));
      store4(dx, r1 + i, r1 + end, f32x4.mul(g1, by));
      store4(dx, r2 + i, r2 + end, f32x4.mul(g2, by));
      store4(dx, r3 + i, r3 + end, f32x4.mul(g3, by));
    }
  }
  for (; row < rows; row++) {
    const r = row * n;
    for (let i = begin; i < end; i += 4) {
      const g = load4(dy, r + i);
      store4(dbias, i, end, f32x4.add(load4(dbias, i), g));
      store4(dgain, i, end, f32x4.add(load4(dgain, i), f32x4.mul(g, load4(x, r + i))));
      store4(dx, r + i, r + end, f32x4.mul(g, load4(gain, i)));
    }
  }
}
