import { at, load4, store4 } from '../memory/lanes';
import { shareBegin, shareEnd } from '../memory/share';
import { gelu4, geluDerivative4 } from '../math/gelu';

// Two vectors at a time, which lets their long chains of operations overlap.

/** y = x Φ(x), f32 [n]; y may be x. */
export function gelu(thread: i32, threads: i32, x: usize, y: usize, n: u32): void {
  const end = shareEnd(n, thread, threads);
  let i = shareBegin(n, thread, threads);
  if (i + 8 <= end) {
    do {
      const y0 = gelu4(load4(x, i));
      const y1 = gelu4(load4(x, i + 4));
      v128.store(at(y, i), y0);
      v128.store(at(y, i), y1, 16);
      i += 8;
    } while (i + 8 <= end);
  }
  for (; i < end; i += 4) store4(y, i, end, gelu4(load4(x, i)));
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
  let i = shareBegin(n, thread, threads);
  if (i + 8 <= end) {
    do {
      const dx0 = f32x4.mul(load4(dy, i), geluDerivative4(load4(x, i)));
      const dx1 = f32x4.mul(load4(dy, i + 4), geluDerivative4(load4(x, i + 4)));
      v128.store(at(dx, i), dx0);
      v128.store(at(dx, i), dx1, 16);
      i += 8;
    } while (i + 8 <= end);
  }
  for (; i < end; i += 4) {
    store4(dx, i, end, f32x4.mul(load4(dy, i), geluDerivative4(load4(x, i))));
  }
}
