import { at, lanesBefore, load4, store4, sumLanes } from '../memory/lanes';
import { isFinite32 } from '../math/finite';
import { rowsBegin, rowsEnd } from '../memory/share';
import { rowSquares, rowSum } from '../math/rows';

/**
 * y = (x − mean) · inverse with inverse = 1/√(variance + ε) of each row.
 * x, y: f32 [rows, n], y may be x; inverse: f32 [rows].
 */
export function normalize(
  thread: i32,
  threads: i32,
  x: usize,
  y: usize,
  inverse: usize,
  rows: u32,
  n: u32,
  epsilon: f32,
): void {
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    const from = at(x, row * n);
    const to = at(y, row * n);
    const mean = rowSum(from, n) / f32(n);
    const squares = rowSquares(from, n, mean);
    if (!isFinite32(squares)) {
      normalizeWide(from, to, at(inverse, row), n, epsilon);
      continue;
    }
    const factor: f32 = 1 / sqrt<f32>(squares / f32(n) + epsilon);
    f32.store(at(inverse, row), factor);
    const center = f32x4.splat(mean);
    const by = f32x4.splat(factor);
    let i: u32 = 0;
    for (; i + 8 <= n; i += 8) {
      const p = at(from, i);
      const q = at(to, i);
      v128.store(q, f32x4.mul(f32x4.sub(v128.load(p), center), by));
      v128.store(q, f32x4.mul(f32x4.sub(v128.load(p, 16), center), by), 16);
    }
    for (; i < n; i += 4) store4(to, i, n, f32x4.mul(f32x4.sub(load4(from, i), center), by));
  }
}

/** A row whose sum or squares leave f32, in f64; NaN and ∞ become NaN. */
function normalizeWide(x: usize, y: usize, inverse: usize, n: u32, epsilon: f32): void {
  let sum: f64 = 0;
  for (let i: u32 = 0; i < n; i++) sum += f64(f32.load(at(x, i)));
  const mean = sum / f64(n);
  let squares: f64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const distance = f64(f32.load(at(x, i))) - mean;
    squares += distance * distance;
  }
  const factor = 1 / sqrt<f64>(squares / f64(n) + f64(epsilon));
  f32.store(inverse, f32(factor));
  for (let i: u32 = 0; i < n; i++) {
    f32.store(at(y, i), f32((f64(f32.load(at(x, i))) - mean) * factor));
  }
}

/** dy without its mean and its part along y. */
@inline
function without(dy: v128, mean: v128, y: v128, along: v128): v128 {
  return f32x4.sub(f32x4.sub(dy, mean), f32x4.mul(y, along));
}

/**
 * dx = inverse · (dy − mean(dy) − y · mean(dy · y)), means over each row.
 * y, dy, dx: f32 [rows, n], dx may be y or dy; inverse: f32 [rows].
 */
export function normalizeGradient(
  thread: i32,
  threads: i32,
  y: usize,
  inverse: usize,
  dy: usize,
  dx: usize,
  rows: u32,
  n: u32,
): void {
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    const py = at(y, row * n);
    const pdy = at(dy, row * n);
    const pdx = at(dx, row * n);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let t0 = s0;
    let t1 = s0;
    let i: u32 = 0;
    for (; i + 8 <= n; i += 8) {
      const g0 = load4(pdy, i);
      const g1 = load4(pdy, i + 4);
      s0 = f32x4.add(s0, g0);
      s1 = f32x4.add(s1, g1);
      t0 = f32x4.add(t0, f32x4.mul(g0, load4(py, i)));
      t1 = f32x4.add(t1, f32x4.mul(g1, load4(py, i + 4)));
    }
    for (; i < n; i += 4) {
      const inside = lanesBefore(i, n);
      const g = v128.and(load4(pdy, i), inside);
      s0 = f32x4.add(s0, g);
      t0 = f32x4.add(t0, v128.and(f32x4.mul(g, load4(py, i)), inside));
    }
    const total = sumLanes(f32x4.add(s0, s1));
    const products = sumLanes(f32x4.add(t0, t1));
    if (!isFinite32(total) || !isFinite32(products)) {
      gradientWide(py, pdy, pdx, f64(f32.load(at(inverse, row))), n);
      continue;
    }
    const mean = f32x4.splat(total / f32(n));
    const along = f32x4.splat(products / f32(n));
    const by = v128.load32_splat(at(inverse, row));
    for (i = 0; i + 8 <= n; i += 8) {
      const dx0 = without(load4(pdy, i), mean, load4(py, i), along);
      const dx1 = without(load4(pdy, i + 4), mean, load4(py, i + 4), along);
      v128.store(at(pdx, i), f32x4.mul(dx0, by));
      v128.store(at(pdx, i), f32x4.mul(dx1, by), 16);
    }
    for (; i < n; i += 4) {
      const dx = without(load4(pdy, i), mean, load4(py, i), along);
      store4(pdx, i, n, f32x4.mul(dx, by));
    }
  }
}

/** The same for a row whose sums leave f32, in f64. */
function gradientWide(y: usize, dy: usize, dx: usize, inverse: f64, n: u32): void {
  let mean: f64 = 0;
  let along: f64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const g = f64(f32.load(at(dy, i)));
    mean += g;
    along += g * f64(f32.load(at(y, i)));
  }
  mean /= f64(n);
  along /= f64(n);
  for (let i: u32 = 0; i < n; i++) {
    const rest = f64(f32.load(at(dy, i))) - mean - f64(f32.load(at(y, i))) * along;
    f32.store(at(dx, i), f32(inverse * rest));
  }
}
