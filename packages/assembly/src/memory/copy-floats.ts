import { load4, store4 } from './lanes';

/** y = x, f32 [n]: few numbers, for which a call of memory.copy would be too much. */
@inline
export function copyFloats(y: usize, x: usize, n: u32): void {
  let i: u32 = 0;
  for (; i < n; i += 4) store4(y, i, n, load4(x, i));
}

/** y += x, f32 [n]. */
@inline
export function addFloats(y: usize, x: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i += 4) store4(y, i, n, f32x4.add(load4(y, i), load4(x, i)));
}
