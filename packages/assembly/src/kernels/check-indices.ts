import { at } from '../memory/lanes';

/** 1 + the position of the first of i32 [n] outside [0, limit), or 0. On one thread. */
export function checkIndices(indices: usize, n: u32, limit: u32): i32 {
  for (let i: u32 = 0; i < n; i++) if (load<u32>(at(indices, i)) >= limit) return i + 1;
  return 0;
}
