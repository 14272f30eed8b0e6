// Kernels that put numbers in another order.
import { copyFloats } from '../memory/copy-floats';
import { at } from '../memory/lanes';
import { shareBegin, shareEnd } from '../memory/share';

/** `outer` blocks of `count` numbers each, which lie so many numbers apart. */
export function copyBlocks(
  thread: i32, threads: i32, x: usize, y: usize, outer: u32, count: u32, fromStride: u32, toStride: u32,
): void {
  const end = shareEnd(outer * count, thread, threads);
  let next = shareBegin(outer * count, thread, threads);
  while (next < end) {
    const block = next / count;
    const within = next - block * count;
    const size = min(count - within, end - next);
    copyFloats(at(y, block * toStride + within), at(x, block * fromStride + within), size);
    next += size;
  }
}

/** y: f32 [d0, …, d5]; s0 … s5 are how many numbers apart what follows along an axis of y lies in x. */
export function permuteAxes(
  thread: i32, threads: i32, x: usize, y: usize, d0: u32, d1: u32, d2: u32, d3: u32, d4: u32, d5: u32,
  s0: u32, s1: u32, s2: u32, s3: u32, s4: u32, s5: u32,
): void {
  const count = d0 * d1 * d2 * d3 * d4 * d5;
  const end = shareEnd(count, thread, threads);
  let next = shareBegin(count, thread, threads);
  while (next < end) {
    let row = next / d5;
    const column = next - row * d5;
    let from = column * s5 + (row % d4) * s4;
    row /= d4;
    from += (row % d3) * s3;
    row /= d3;
    from += (row % d2) * s2;
    row /= d2;
    from += (row / d1) * s0 + (row % d1) * s1;
    const size = min(d5 - column, end - next);
    if (s5 == 1) {
      copyFloats(at(y, next), at(x, from), size);
    } else {
      for (let i: u32 = 0; i < size; i++) f32.store(at(y, next + i), f32.load(at(x, from + i * s5)));
    }
    next += size;
  }
}
