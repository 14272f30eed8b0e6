// Updates of persistent tensors in place.
import { at, load4, store4 } from '../memory/lanes';
import { shareBegin, shareEnd } from '../memory/share';

/** total += x, f32 [n]. */
export function accumulate(thread: i32, threads: i32, total: usize, x: usize, n: u32): void {
  const end = shareEnd(n, thread, threads);
  let i = shareBegin(n, thread, threads);
  for (; i + 16 <= end; i += 16) {
    const from = at(x, i);
    const to = at(total, i);
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    v128.store(to, f32x4.add(v128.load(to, 16), v128.load(from, 16)), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), v128.load(from, 32)), 32);
    v128.store(to, f32x4.add(v128.load(to, 48), v128.load(from, 48)), 48);
  }
  for (; i < end; i += 4) store4(total, i, end, f32x4.add(load4(total, i), load4(x, i)));
}

/**
 * factor = min(1, limit / (√squared · gradientScale + 1e-6)), by the first thread; NaN where squared is
 * NaN or ∞.
 * squared, factor: f32 []; settings: f32 [8], as adamw's.
 */
export function clipFactor(
  thread: i32,
  threads: i32,
  squared: usize,
  settings: usize,
  factor: usize,
  limit: f32,
): void {
  if (thread != 0) return;
  const total = f32.load(squared);
  if (!(total < Infinity)) {
    f32.store(factor, NaN);
    return;
  }
  const norm = sqrt<f32>(total) * f32.load(settings, 28);
  f32.store(factor, min<f32>(1, limit / (norm + 1e-6)));
}

/**
 * One AdamW step in place. parameter, gradient, first, second: f32 [n]; settings: f32 [8] in the
 * order of core's ADAMW_SETTINGS; factor: the address of a factor on the gradient, f32 [], or 0;
 * decay: 1 or 0.
 */
export function adamw(
  thread: i32,
  threads: i32,
  parameter: usize,
  gradient: usize,
  first: usize,
  second: usize,
  settings: usize,
  factor: usize,
  decay: i32,
  n: u32,
): void {
  const rate = f32.load(settings);
  const beta1 = f32.load(settings, 4);
  const beta2 = f32.load(settings, 8);
  const by = f32.load(settings, 28) * (factor ? f32.load(factor) : 1);
  const scale = f32x4.splat(by);
  const keep1 = f32x4.splat(beta1);
  const take1 = f32x4.splat(1 - beta1);
  const keep2 = f32x4.splat(beta2);
  const take2 = f32x4.splat(1 - beta2);
  const epsilon = f32x4.splat(f32.load(settings, 12));
  const shrink = f32x4.splat(decay ? 1 - rate * f32.load(settings, 16) : 1);
  const step = f32x4.splat(rate / f32.load(settings, 20));
  const correct2 = f32x4.splat(1 / sqrt<f32>(f32.load(settings, 24)));
  const end = shareEnd(n, thread, threads);
  let i = shareBegin(n, thread, threads);
  if (i >= end) return;
  do {
    const g = f32x4.mul(load4(gradient, i), scale);
    const m = f32x4.add(f32x4.mul(load4(first, i), keep1), f32x4.mul(g, take1));
    const v = f32x4.add(f32x4.mul(load4(second, i), keep2), f32x4.mul(f32x4.mul(g, g), take2));
    const spread = f32x4.add(f32x4.mul(f32x4.sqrt(v), correct2), epsilon);
    const p = f32x4.mul(load4(parameter, i), shrink);
    store4(first, i, end, m);
    store4(second, i, end, v);
    store4(parameter, i, end, f32x4.sub(p, f32x4.div(f32x4.mul(m, step), spread)));
    i += 4;
  } while (i < end);
}

/** average = keep · average + by · x, f32 [n]. */
export function moveAverage(
  thread: i32,
  threads: i32,
  average: usize,
  x: usize,
  n: u32,
  keep: f32,
  by: f32,
): void {
  const end = shareEnd(n, thread, threads);
  for (let i = shareBegin(n, thread, threads); i < end; i += 4) {
    const kept = f32x4.mul(load4(average, i), f32x4.splat(keep));
    store4(average, i, end, f32x4.add(kept, f32x4.mul(load4(x, i), f32x4.splat(by))));
  }
}
