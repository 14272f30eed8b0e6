import { expOfNegative4 } from './exp';

/** Beyond, the tail of the normal distribution is 0 in f32. */
const FARTHEST: f32 = 13.5;

/** 1/√(2π) */
export const DENSITY_AT_ZERO: f32 = 0.3989422804014327;

/** |x| by lane, but no more than where the tail ends. NaN stays. */
@inline
export function distance4(x: v128): v128 {
  return f32x4.pmin(f32x4.abs(x), f32x4.splat(FARTHEST));
}

/** e^(−a²/2) by lane: the density over its value at 0. */
@inline
export function bell4(a: v128): v128 {
  return expOfNegative4(f32x4.mul(f32x4.mul(a, a), f32x4.splat(-0.5)));
}

/**
 * Φ(−a) / e^(−a²/2) by lane for 0 ≤ a ≤ 13.5, the Mills ratio over √(2π). Rational minimax of our
 * own fit: relative error 5.1e-9 before rounding.
 */
@inline
export function tailRatio4(a: v128): v128 {
  let n = f32x4.splat(0.398947754301);
  n = f32x4.add(f32x4.mul(n, a), f32x4.splat(3.96260691519));
  n = f32x4.add(f32x4.mul(n, a), f32x4.splat(17.9507768412));
  n = f32x4.add(f32x4.mul(n, a), f32x4.splat(43.1012754915));
  n = f32x4.add(f32x4.mul(n, a), f32x4.splat(49.411524047));
  let d = f32x4.add(a, f32x4.splat(9.93349504196));
  d = f32x4.add(f32x4.mul(d, a), f32x4.splat(45.9798691493));
  d = f32x4.add(f32x4.mul(d, a), f32x4.splat(118.182029931));
  d = f32x4.add(f32x4.mul(d, a), f32x4.splat(165.051971335));
  d = f32x4.add(f32x4.mul(d, a), f32x4.splat(98.8230475874));
  return f32x4.div(n, d);
}
