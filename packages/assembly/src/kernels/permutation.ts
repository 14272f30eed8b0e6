import { at } from '../memory/lanes';

/**
 * Fisher and Yates' shuffle of 0 … rows − 1, `segments` times, as core's permutation op defines it.
 * On one thread.
 *
 * @param order i32 [segments · rows]
 * @param words random words, i32 [segments · rows]
 */
export function shuffle(order: usize, words: usize, rows: u32, segments: u32): void {
  for (let segment: u32 = 0; segment < segments; segment++) {
    for (let i: u32 = 0; i < rows; i++) i32.store(at(order, i), i);
    for (let i: u32 = rows - 1; i > 0; i--) {
      const word = u64(load<u32>(at(words, i)));
      const j = u32((word * u64(i + 1)) >> 32);
      const moved = i32.load(at(order, i));
      i32.store(at(order, i), i32.load(at(order, j)));
      i32.store(at(order, j), moved);
    }
    order = at(order, rows);
    words = at(words, rows);
  }
}
