import { load4, store4 } from '../memory/lanes';
import { shareBegin, shareEnd } from '../memory/share';
import { bell4, DENSITY_AT_ZERO, distance4, tailRatio4 } from '../math/normal';

// With a = |x| and q = Φ(−a): x Φ(x) = max(x, 0) − a q.
@inline
function gelu4(x: v128): v128 {
  const a = distance4(x);
  const q = f32x4.mul(bell4(a), tailRatio4(a));
  return f32x4.sub(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(a, q));
}

// Φ(x) + x φ(x) is 1 + s for x ≥ 0 and −s for x < 0, with s = a φ(a) − Φ(−a).
@inline
function geluDerivative4(x: v128): v128 {
  const a = distance4(x);
  const s = f32x4.mul(
    bell4(a),
    f32x4.sub(f32x4.mul(a, f32x4.splat(DENSITY_AT_ZERO)), tailRatio4(a)),
  );
  const signed = v128.xor(s, v128.and(x, f32x4.splat(-0.0)));
  return f32x4.add(signed, v128.andnot(f32x4.splat(1), i32x4.shr_s(x, 31)));
}

/** y = x Φ(x), f32 [n]; y may be x. */
export function gelu(thread: i32, threads: i32, x: usize, y: usize, n: u32): void {
  const end = shareEnd(n, thread, threads);
  for (let i = shareBegin(n, thread, threads); i < end; i += 4) {
    store4(y, i, end, gelu4(load4(x, i)));
  }
}

/** dx = dy (Φ(x) + x φ(x)), f32 [n]; dx may be x or dy. */
export function geluGradient(
  thread: i32,
  threads: i32,
  x: usize,
  dy: usize,
  dx: usize,
  n: u32,
): void {
  const end = shareEnd(n, thread, threads);
  for (let i = shareBegin(n, thread, threads); i < end; i += 4) {
    store4(dx, i, end, f32x4.mul(load4(dy, i), geluDerivative4(load4(x, i))));
  }
}
