// e^x = 2^n e^r with n = round(x / ln 2) and |r| ≤ ln 2 / 2. Adding 1.5 · 2^23 rounds to a whole
// number and leaves it in the low bits, from where a shift takes it to the exponent.
import { constant } from '../memory/constants';

const TABLE = memory.data<f32>([
  1.4426950408889634, // 1 / ln 2
  12582912, // 1.5 · 2^23
  0.693359375, // ln 2 in two parts, of which n times the first is exact
  -2.12194440054690583e-4,
  0.00138131436404, // e^r = 1 + r + r² q(r); minimax: relative error 3.3e-9 before rounding
  0.00836941885137,
  0.0416684568082,
  0.166665147912,
  0.499999930506,
  1,
  -87.336, // below, the result would be subnormal and is taken as 0
  88.72283, // above, it is infinite
  Infinity,
], 16);

/** e^x by lane for x ≤ 0, to about 1 ulp; 0 below −87.336. NaN stays. */
@inline
export function expOfNegative4(x: v128): v128 {
  const magic = constant(TABLE, 1);
  const shifted = f32x4.add(f32x4.mul(x, constant(TABLE, 0)), magic);
  const n = f32x4.sub(shifted, magic);
  const r = f32x4.sub(
    f32x4.sub(x, f32x4.mul(n, constant(TABLE, 2))),
    f32x4.mul(n, constant(TABLE, 3)),
  );
  const square = f32x4.mul(r, r);
  const low = f32x4.add(f32x4.mul(constant(TABLE, 7), r), constant(TABLE, 8));
  const middle = f32x4.add(f32x4.mul(constant(TABLE, 5), r), constant(TABLE, 6));
  const high = f32x4.add(f32x4.mul(constant(TABLE, 4), square), middle);
  const q = f32x4.add(f32x4.mul(high, square), low);
  const p = f32x4.add(f32x4.add(f32x4.mul(square, q), r), constant(TABLE, 9));
  const result = i32x4.add(p, i32x4.shl(shifted, 23));
  return v128.andnot(result, f32x4.lt(x, constant(TABLE, 10)));
}

const POWERS = memory.data<f32>([
  1.4426950408889634, // 1 / ln 2
  12582912, // 1.5 · 2^23
  0.00132647269957014, // 2^r for |r| ≤ ½; minimax: relative error 9.1e-8 before rounding
  0.009671512654083912,
  0.05550733743922068,
  0.240222420850605,
  0.6931469775986974,
  1,
  -126, // below, the result would be subnormal and is taken as 0
], 16);

/**
 * e^x by lane for x ≤ 80, as 2^(x / ln 2) with that power rounded: off by up to 2e-7 + |x| · 6e-8 of
 * it, which beside the largest of a sum of powers of x ≤ 0 is nothing. 0 below −87.336. NaN stays.
 */
@inline
export function powerOfE4(x: v128): v128 {
  const y = f32x4.mul(x, constant(POWERS, 0));
  const magic = constant(POWERS, 1);
  const shifted = f32x4.add(y, magic);
  const r = f32x4.sub(y, f32x4.sub(shifted, magic));
  const square = f32x4.mul(r, r);
  const high = f32x4.add(f32x4.mul(constant(POWERS, 2), r), constant(POWERS, 3));
  const middle = f32x4.add(f32x4.mul(constant(POWERS, 4), r), constant(POWERS, 5));
  const low = f32x4.add(f32x4.mul(constant(POWERS, 6), r), constant(POWERS, 7));
  const p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(high, square), middle), square), low);
  const result = i32x4.add(p, i32x4.shl(shifted, 23));
  return v128.andnot(result, f32x4.lt(y, constant(POWERS, 8)));
}

/** e^x by lane, to about 1 ulp; 0 below −87.336, infinite above 88.72283. NaN stays. */
@inline
export function expf4(x: v128): v128 {
  const overflows = f32x4.gt(x, constant(TABLE, 11));
  return v128.bitselect(constant(TABLE, 12), expOfNegative4(x), overflows);
}
