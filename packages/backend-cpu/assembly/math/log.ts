const SQUARE_ROOT_HALF: i32 = 0x3f3504f3;
const LEAST_NORMAL: f32 = 1.17549435e-38;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440054690583e-4;

/** ln x by lane, to about 1 ulp: −∞ for 0, NaN below 0. NaN stays. */
@inline
export function log4(x: v128): v128 {
  const subnormal = f32x4.lt(x, f32x4.splat(LEAST_NORMAL));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, subnormal);
  // x = 2^e (1 + f) with 1 + f in [√½, √2).
  const exponent = i32x4.shr_s(i32x4.sub(scaled, i32x4.splat(SQUARE_ROOT_HALF)), 23);
  const f = f32x4.sub(i32x4.sub(scaled, i32x4.shl(exponent, 23)), f32x4.splat(1));
  const e = f32x4.sub(
    f32x4.convert_i32x4_s(exponent),
    v128.and(subnormal, f32x4.splat(23)),
  );
  // ln(1 + f) = f − f²/2 + f³ p(f); minimax: relative error 5.8e-9 before rounding.
  let p = f32x4.splat(-0.07634492796);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.1276157452));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.1316018277));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.1420175849));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.1662335736));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.2000122685));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-0.2500082103));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.3333333171));
  const square = f32x4.mul(f, f);
  const tail = f32x4.add(
    f32x4.mul(f32x4.mul(square, f), p),
    f32x4.mul(e, f32x4.splat(LN2_LOW)),
  );
  const small = f32x4.sub(f, f32x4.sub(f32x4.mul(square, f32x4.splat(0.5)), tail));
  const result = f32x4.add(small, f32x4.mul(e, f32x4.splat(LN2_HIGH)));
  const zero = f32x4.eq(x, f32x4.splat(0));
  const infinite = f32x4.eq(x, f32x4.splat(f32.POSITIVE_INFINITY));
  // x − x is 0 where x is finite; all bits set is a NaN.
  const bad = v128.or(f32x4.lt(x, f32x4.splat(0)), f32x4.ne(x, x));
  const ordinary = v128.bitselect(x, result, infinite);
  return v128.or(
    v128.bitselect(f32x4.splat(f32.NEGATIVE_INFINITY), ordinary, zero),
    bad,
  );
}
