import { expf4 } from './exp';

/** tanh x by lane, to about 2 ulp. NaN stays. */
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  // Up to 0.63: x + x³ p(x²); minimax: relative error 5e-9 before rounding.
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-0.005648316622);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(0.02058982669));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-0.05372512671));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(0.1333127443));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-0.3333327606));
  const near = f32x4.add(f32x4.mul(f32x4.mul(square, p), x), x);
  // From there on: 1 − 2/(e^2|x| + 1), with the sign of x.
  const grown = f32x4.add(expf4(f32x4.add(size, size)), f32x4.splat(1));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), grown));
  const sign = v128.and(x, f32x4.splat(-0.0));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, f32x4.splat(0.625)));
}
