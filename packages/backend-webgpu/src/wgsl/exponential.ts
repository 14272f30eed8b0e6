/**
 * `exponential(x)`, e^x to about 1 ulp, where WGSL's own may be off by as many as |x|: 0 below −87.336,
 * infinite above 88.72283; NaN stays. To be had beside NUMBERS. e^x = 2^n e^r with n = round(x / ln 2) and |r| ≤ ln 2 / 2.
 */
export const EXPONENTIAL = `
fn exponential(x: f32) -> f32 {
  if (x < -87.336) { return 0.0; }
  if (x > 88.72283) { return infinity(); }
  let n = round(x * 1.4426950408889634);
  // ln 2 in two parts, of which n times the first is exact.
  let r = (x - n * 0.693359375) + n * 2.12194440054690583e-4;
  let square = r * r;
  // e^r = 1 + r + r² q(r); minimax: relative error 3.3e-9 before rounding.
  let low = 0.166665147912 * r + 0.499999930506;
  let middle = 0.00836941885137 * r + 0.0416684568082;
  let q = (0.00138131436404 * square + middle) * square + low;
  let p = (square * q + r) + 1.0;
  if (isNan(x)) { return x; }
  return bitcast<f32>(bitcast<i32>(p) + (i32(n) << 23u));
}
`;
