// GELU and its derivative. The fits are minimax fits of our own.
import { constant } from '../memory/constants';

const GELU = memory.data<f32>([
  -0.0,
  5.5, // where the tail, 1.9e-8, no longer shows
  0.5,
  335025.879389, // (½ − Φ(−a)) / a as n(a²) / d(a²); minimax: error 2.5e-8 / (a² + 0.3)
  29142.0379114,
  3974.11418056,
  149.354642276,
  5.41328502339,
  0.0187106898529,
  839785.514588,
  213011.293115,
  24471.0327461,
  1625.22764415,
  64.4205596703,
], 16);

/**
 * x Φ(x) by lane, GELU: with a = |x| it is max(x, 0) − a Φ(−a). Error up to 1e-6, as that of
 * Φ in f32 by way of erf; 2e-7 where |x| < 2. NaN stays.
 */
@inline
export function gelu4(x: v128): v128 {
  const a = f32x4.pmin(v128.andnot(x, constant(GELU, 0)), constant(GELU, 1));
  const u = f32x4.mul(a, a);
  const v = f32x4.mul(u, u);
  const n0 = f32x4.add(constant(GELU, 3), f32x4.mul(constant(GELU, 4), u));
  const n2 = f32x4.add(constant(GELU, 5), f32x4.mul(constant(GELU, 6), u));
  const n4 = f32x4.add(constant(GELU, 7), f32x4.mul(constant(GELU, 8), u));
  const n = f32x4.add(n0, f32x4.mul(v, f32x4.add(n2, f32x4.mul(v, n4))));
  const d0 = f32x4.add(constant(GELU, 9), f32x4.mul(constant(GELU, 10), u));
  const d2 = f32x4.add(constant(GELU, 11), f32x4.mul(constant(GELU, 12), u));
  const d4 = f32x4.add(constant(GELU, 13), u);
  const d = f32x4.add(d0, f32x4.mul(v, f32x4.add(d2, f32x4.mul(v, d4))));
  const tail = f32x4.sub(constant(GELU, 2), f32x4.mul(a, f32x4.div(n, d)));
  return f32x4.sub(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(a, tail));
}

const DERIVATIVE = memory.data<f32>([
  -0.0,
  12.8, // where the tail, 8e-38, is about to leave the normal numbers
  -0.7213475204444817, // −1/(2 ln 2)
  12582912, // 1.5 · 2^23: adding it rounds to a whole number, left in the low bits
  1.0000000725, // 2^f for |f| ≤ ½; minimax: relative error 7.6e-8
  0.693146964502,
  0.240221155057,
  0.0555071569152,
  0.00967576980806,
  0.00132762446272,
  13.9556494651, // the ratio as n(a) / d(a); minimax: relative error 5.4e-8 · (1 + a²/2)
  9.52025597365,
  3.00597540686,
  0.398802638396,
  27.9113004347,
  41.310411575,
  25.0182209805,
  7.52350104888,
  0.3989422804014327, // 1/√(2π)
  1,
], 16);

/** |x| by lane, but no more than 12.8. NaN stays. */
@inline
function distance4(x: v128): v128 {
  return f32x4.pmin(v128.andnot(x, constant(DERIVATIVE, 0)), constant(DERIVATIVE, 1));
}

/** e^(−a²/2) by lane from a²: 2^n 2^f with n whole and |f| ≤ ½. */
@inline
function bell4(square: v128): v128 {
  const magic = constant(DERIVATIVE, 3);
  const y = f32x4.mul(square, constant(DERIVATIVE, 2));
  const shifted = f32x4.add(y, magic);
  const f = f32x4.sub(y, f32x4.sub(shifted, magic));
  const g = f32x4.mul(f, f);
  const low = f32x4.add(constant(DERIVATIVE, 4), f32x4.mul(constant(DERIVATIVE, 5), f));
  const middle = f32x4.add(constant(DERIVATIVE, 6), f32x4.mul(constant(DERIVATIVE, 7), f));
  const high = f32x4.add(constant(DERIVATIVE, 8), f32x4.mul(constant(DERIVATIVE, 9), f));
  const p = f32x4.add(low, f32x4.mul(g, f32x4.add(middle, f32x4.mul(g, high))));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** Φ(−a) / e^(−a²/2) by lane, the Mills ratio over √(2π); a fit of our own. */
@inline
function tailRatio4(a: v128, square: v128): v128 {
  const n0 = f32x4.add(constant(DERIVATIVE, 10), f32x4.mul(constant(DERIVATIVE, 11), a));
  const n2 = f32x4.add(constant(DERIVATIVE, 12), f32x4.mul(constant(DERIVATIVE, 13), a));
  const d0 = f32x4.add(constant(DERIVATIVE, 14), f32x4.mul(constant(DERIVATIVE, 15), a));
  const d2 = f32x4.add(constant(DERIVATIVE, 16), f32x4.mul(constant(DERIVATIVE, 17), a));
  const n = f32x4.add(n0, f32x4.mul(square, n2));
  const d = f32x4.add(d0, f32x4.mul(square, f32x4.add(d2, square)));
  return f32x4.div(n, d);
}

/**
 * Φ(x) + x φ(x) by lane, GELU's derivative, to about 3e-7: with a = |x| and s = a φ(a) − Φ(−a) it
 * is 1 + s for x ≥ 0 and −s for x < 0. NaN stays.
 */
@inline
export function geluDerivative4(x: v128): v128 {
  const a = distance4(x);
  const square = f32x4.mul(a, a);
  const difference = f32x4.sub(f32x4.mul(a, constant(DERIVATIVE, 18)), tailRatio4(a, square));
  const s = f32x4.mul(bell4(square), difference);
  const signed = v128.xor(s, v128.and(x, constant(DERIVATIVE, 0)));
  return f32x4.add(signed, v128.andnot(constant(DERIVATIVE, 19), i32x4.shr_s(x, 31)));
}
