import { constant } from '../memory/constants';

const TABLE = memory.data<f32>([
  1.17549435e-38, // the least normal number
  8388608, // 2^23, which makes subnormal numbers normal
  23,
  0.7071067811865476,
  -0.07634492796, // ln(1 + f) = f − f²/2 + f³ p(f); minimax: relative error 5.8e-9 before rounding
  0.1276157452,
  -0.1316018277,
  0.1420175849,
  -0.1662335736,
  0.2000122685,
  -0.2500082103,
  0.3333333171,
  0.5,
  1,
  0.693359375, // ln 2 in two parts, of which a whole number times the first is exact
  -2.12194440054690583e-4,
  Infinity,
  -Infinity,
], 16);

/** ln x by lane, to about 1 ulp: −∞ for 0, NaN below 0. NaN stays. */
@inline
export function log4(x: v128): v128 {
  const zero = f32x4.splat(0);
  const subnormal = f32x4.lt(x, constant(TABLE, 0));
  const scaled = v128.bitselect(f32x4.mul(x, constant(TABLE, 1)), x, subnormal);
  // x = 2^e (1 + f) with 1 + f in [√½, √2).
  const exponent = i32x4.shr_s(i32x4.sub(scaled, constant(TABLE, 3)), 23);
  const f = f32x4.sub(i32x4.sub(scaled, i32x4.shl(exponent, 23)), constant(TABLE, 13));
  const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(subnormal, constant(TABLE, 2)));
  let p = f32x4.add(f32x4.mul(constant(TABLE, 4), f), constant(TABLE, 5));
  p = f32x4.add(f32x4.mul(p, f), constant(TABLE, 6));
  p = f32x4.add(f32x4.mul(p, f), constant(TABLE, 7));
  p = f32x4.add(f32x4.mul(p, f), constant(TABLE, 8));
  p = f32x4.add(f32x4.mul(p, f), constant(TABLE, 9));
  p = f32x4.add(f32x4.mul(p, f), constant(TABLE, 10));
  p = f32x4.add(f32x4.mul(p, f), constant(TABLE, 11));
  const square = f32x4.mul(f, f);
  const tail = f32x4.add(
    f32x4.mul(f32x4.mul(square, f), p),
    f32x4.mul(e, constant(TABLE, 15)),
  );
  const small = f32x4.sub(f, f32x4.sub(f32x4.mul(square, constant(TABLE, 12)), tail));
  const result = f32x4.add(small, f32x4.mul(e, constant(TABLE, 14)));
  const ordinary = v128.bitselect(x, result, f32x4.eq(x, constant(TABLE, 16)));
  // All bits set is a NaN.
  const bad = v128.or(f32x4.lt(x, zero), f32x4.ne(x, x));
  return v128.or(v128.bitselect(constant(TABLE, 17), ordinary, f32x4.eq(x, zero)), bad);
}
