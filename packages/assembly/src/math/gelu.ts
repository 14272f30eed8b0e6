// GELU and its derivative; the fits are minimax fits of our own. Their constants are spelled out,
// not read from memory as those of exp: for loops that test at their end, V8 makes them beforehand.

/** c0 + c1 x by lane. */
@inline
function line4(x: v128, c0: f32, c1: f32): v128 {
  return f32x4.add(f32x4.splat(c0), f32x4.mul(f32x4.splat(c1), x));
}

/** a + b c by lane. */
@inline
function plusProduct4(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(a, f32x4.mul(b, c));
}

/**
 * x Φ(x) by lane, GELU: with a = |x| it is max(x, 0) − a Φ(−a). Error up to 1e-6, as that of
 * Φ in f32 by way of erf; 2e-7 where |x| < 2. NaN stays.
 */
@inline
export function gelu4(x: v128): v128 {
  // Beyond 5.5 the tail, 1.9e-8, no longer shows.
  const a = f32x4.pmin(v128.andnot(x, f32x4.splat(-0.0)), f32x4.splat(5.5));
  const u = f32x4.mul(a, a);
  const v = f32x4.mul(u, u);
  // (½ − Φ(−a)) / a = n(a²) / d(a²), to within 2.5e-8 / (a² + 0.3).
  const n0 = line4(u, 335025.879389, 29142.0379114);
  const n2 = line4(u, 3974.11418056, 149.354642276);
  const n4 = line4(u, 5.41328502339, 0.0187106898529);
  const d0 = line4(u, 839785.514588, 213011.293115);
  const d2 = line4(u, 24471.0327461, 1625.22764415);
  const d4 = f32x4.add(u, f32x4.splat(64.4205596703));
  const n = plusProduct4(n0, v, plusProduct4(n2, v, n4));
  const d = plusProduct4(d0, v, plusProduct4(d2, v, d4));
  const tail = f32x4.sub(f32x4.splat(0.5), f32x4.mul(a, f32x4.div(n, d)));
  return f32x4.sub(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(a, tail));
}

/** e^(−a²/2) by lane from a² ≤ 164: 2^n 2^f with n whole and |f| ≤ ½. */
@inline
function bell4(square: v128): v128 {
  // Adding 1.5 · 2^23 rounds to a whole number and leaves it in the low bits.
  const magic = f32x4.splat(12582912);
  const y = f32x4.mul(square, f32x4.splat(-0.7213475204444817));
  const shifted = f32x4.add(y, magic);
  const f = f32x4.sub(y, f32x4.sub(shifted, magic));
  const g = f32x4.mul(f, f);
  // 2^f to a relative error of 7.6e-8.
  const p0 = line4(f, 1.0000000725, 0.693146964502);
  const p2 = line4(f, 0.240221155057, 0.0555071569152);
  const p4 = line4(f, 0.00967576980806, 0.00132762446272);
  const p = plusProduct4(p0, g, plusProduct4(p2, g, p4));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** Φ(−a) / e^(−a²/2) by lane, to a relative error of 5.4e-8 · (1 + a²/2). */
@inline
function tailRatio4(a: v128, square: v128): v128 {
  const n0 = line4(a, 13.9556494651, 9.52025597365);
  const n2 = line4(a, 3.00597540686, 0.398802638396);
  const d0 = line4(a, 27.9113004347, 41.310411575);
  const d2 = line4(a, 25.0182209805, 7.52350104888);
  const d = plusProduct4(d0, square, f32x4.add(d2, square));
  return f32x4.div(plusProduct4(n0, square, n2), d);
}

/**
 * Φ(x) + x φ(x) by lane, GELU's derivative, to about 3e-7: with a = |x| and s = a φ(a) − Φ(−a) it
 * is 1 + s for x ≥ 0 and −s for x < 0. One power of e serves both φ and Φ. NaN stays.
 */
@inline
export function geluDerivative4(x: v128): v128 {
  // Beyond 12.8 the tail, 8e-38, leaves the normal numbers.
  const a = f32x4.pmin(v128.andnot(x, f32x4.splat(-0.0)), f32x4.splat(12.8));
  const square = f32x4.mul(a, a);
  const densityRatio = f32x4.mul(a, f32x4.splat(0.3989422804014327));
  const s = f32x4.mul(bell4(square), f32x4.sub(densityRatio, tailRatio4(a, square)));
  const signed = v128.xor(s, v128.and(x, f32x4.splat(-0.0)));
  return f32x4.add(signed, v128.andnot(f32x4.splat(1), i32x4.shr_s(x, 31)));
}
