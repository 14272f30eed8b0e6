import { at, load4, store4 } from '../memory/lanes';

/** Rows of `size` numbers, which lie so many bytes apart, times a factor. */
export function moveRows(
  source: usize, sourceStride: usize, count: i32, size: i32, target: usize, targetStride: usize, factor: f32,
): void {
  const by = f32x4.splat(factor);
  for (let i = 0; i < count; i++) {
    const from = source + usize(i) * sourceStride;
    const to = target + usize(i) * targetStride;
    for (let c = 0; c < size; c += 4) store4(to, c, size, f32x4.mul(load4(from, c), by));
  }
}

/** The same, each row times a factor of its own: f32 [count]. The target may be the source. */
export function scaleRows(
  source: usize, sourceStride: usize, target: usize, targetStride: usize, count: i32, size: i32,
  factors: usize,
): void {
  for (let i = 0; i < count; i++) {
    const from = source + usize(i) * sourceStride;
    const to = target + usize(i) * targetStride;
    const by = v128.load32_splat(at(factors, i));
    for (let c = 0; c < size; c += 4) store4(to, c, size, f32x4.mul(load4(from, c), by));
  }
}
