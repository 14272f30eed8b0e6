// What is reduced over one row of n elements. The order of the sums depends on n alone.
import { at, lanesBefore, load4, load4OrZero, store4, sumLanes } from '../memory/lanes';
import { expOfNegative4 } from './exp';
import { log4 } from './log';

/** Σ x */
export function rowSum(x: usize, n: u32): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i: u32 = 0;
  for (; i + 16 <= n; i += 16) {
    const from = at(x, i);
    s0 = f32x4.add(s0, v128.load(from));
    s1 = f32x4.add(s1, v128.load(from, 16));
    s2 = f32x4.add(s2, v128.load(from, 32));
    s3 = f32x4.add(s3, v128.load(from, 48));
  }
  for (; i < n; i += 4) s0 = f32x4.add(s0, load4OrZero(x, i, n));
  return sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** Σ (x − center)² */
export function rowSquares(x: usize, n: u32, center: f32): f32 {
  const c = f32x4.splat(center);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let i: u32 = 0;
  for (; i + 16 <= n; i += 16) {
    const from = at(x, i);
    const d0 = f32x4.sub(v128.load(from), c);
    const d1 = f32x4.sub(v128.load(from, 16), c);
    const d2 = f32x4.sub(v128.load(from, 32), c);
    const d3 = f32x4.sub(v128.load(from, 48), c);
    s0 = f32x4.add(s0, f32x4.mul(d0, d0));
    s1 = f32x4.add(s1, f32x4.mul(d1, d1));
    s2 = f32x4.add(s2, f32x4.mul(d2, d2));
    s3 = f32x4.add(s3, f32x4.mul(d3, d3));
  }
  for (; i < n; i += 4) {
    const d = v128.and(f32x4.sub(load4(x, i), c), lanesBefore(i, n));
    s0 = f32x4.add(s0, f32x4.mul(d, d));
  }
  return sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** The greatest element of a row without NaN; −∞ for an empty row. */
export function rowMax(x: usize, n: u32): f32 {
  const least = f32x4.splat(f32.NEGATIVE_INFINITY);
  let m0 = least;
  let m1 = least;
  let i: u32 = 0;
  for (; i + 8 <= n; i += 8) {
    const from = at(x, i);
    m0 = f32x4.pmax(m0, v128.load(from));
    m1 = f32x4.pmax(m1, v128.load(from, 16));
  }
  for (; i < n; i += 4) m0 = f32x4.pmax(m0, v128.bitselect(load4(x, i), least, lanesBefore(i, n)));
  m0 = f32x4.pmax(m0, m1);
  m0 = f32x4.pmax(m0, v128.shuffle<f32>(m0, m0, 2, 3, 0, 1));
  return max(f32x4.extract_lane(m0, 0), f32x4.extract_lane(m0, 1));
}

/** y = softmax(x); y may be x. A NaN in x makes all of y NaN. Gives ln Σ e^x. */
export function rowSoftmax(x: usize, y: usize, n: u32): f64 {
  const greatest = rowMax(x, n);
  const shift = f32x4.splat(greatest);
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let i: u32 = 0;
  for (; i + 8 <= n; i += 8) {
    const e0 = expOfNegative4(f32x4.sub(load4(x, i), shift));
    const e1 = expOfNegative4(f32x4.sub(load4(x, i + 4), shift));
    s0 = f32x4.add(s0, e0);
    s1 = f32x4.add(s1, e1);
    v128.store(at(y, i), e0);
    v128.store(at(y, i), e1, 16);
  }
  for (; i < n; i += 4) {
    const e = expOfNegative4(f32x4.sub(load4(x, i), shift));
    s0 = f32x4.add(s0, v128.and(e, lanesBefore(i, n)));
    store4(y, i, n, e);
  }
  const sum = sumLanes(f32x4.add(s0, s1));
  const by = f32x4.splat(1 / sum);
  for (i = 0; i < n; i += 4) store4(y, i, n, f32x4.mul(load4(y, i), by));
  return f64(f32x4.extract_lane(log4(f32x4.splat(sum)), 0)) + f64(greatest);
}
