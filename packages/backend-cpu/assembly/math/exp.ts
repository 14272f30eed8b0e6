// e^x = 2^n e^r with n = round(x / ln 2) and |r| ≤ ln 2 / 2. Adding MAGIC rounds to a whole number
// and leaves it in the low bits, from where a shift takes it to the exponent.
const MAGIC: f32 = 12582912;
const LOG2_E: f32 = 1.4426950408889634;
/** ln 2 in two parts, of which n times the first is exact. */
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440054690583e-4;
/** Below, the result would be subnormal and is taken as 0. */
const LEAST: f32 = -87.336;
const GREATEST: f32 = 88.72283;

/** e^x by lane for x ≤ 0, to about 1 ulp; 0 below −87.336. NaN stays. */
@inline
export function expOfNegative4(x: v128): v128 {
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(LOG2_E)), f32x4.splat(MAGIC));
  const n = f32x4.sub(shifted, f32x4.splat(MAGIC));
  const r = f32x4.sub(
    f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_HIGH))),
    f32x4.mul(n, f32x4.splat(LN2_LOW)),
  );
  // Minimax: relative error 3.3e-9 before rounding.
  let q = f32x4.splat(0.00138131436404);
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.00836941885137));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.0416684568082));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.166665147912));
  q = f32x4.add(f32x4.mul(q, r), f32x4.splat(0.499999930506));
  const p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), q), r), f32x4.splat(1));
  const result = i32x4.add(p, i32x4.shl(shifted, 23));
  return v128.andnot(result, f32x4.lt(x, f32x4.splat(LEAST)));
}

/** e^x by lane, to about 1 ulp; 0 below −87.336, infinite above 88.72283. NaN stays. */
@inline
export function expf4(x: v128): v128 {
  const result = expOfNegative4(x);
  const overflows = f32x4.gt(x, f32x4.splat(GREATEST));
  return v128.bitselect(f32x4.splat(f32.POSITIVE_INFINITY), result, overflows);
}
