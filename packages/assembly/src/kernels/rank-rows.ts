import { at } from '../memory/lanes';

const DIGITS: u32 = 256;

/**
 * ranks[i] = how many priorities come before the i-th in falling order, ties by position; on one
 * thread. A radix sort of the numbers' bits, a byte at a time, each pass keeping the order of equals.
 * Gives 1 + the position of a NaN, or 0.
 *
 * @param priorities f32 [n]
 * @param ranks i32 [n]
 * @param scratch 4 n words and 256
 */
export function rankRows(priorities: usize, ranks: usize, scratch: usize, n: u32): i32 {
  let keys = scratch;
  let rows = at(keys, n);
  let nextKeys = at(rows, n);
  let nextRows = at(nextKeys, n);
  const counts = at(nextRows, n);
  for (let i: u32 = 0; i < n; i++) {
    // −0 becomes 0.
    const priority: f32 = f32.load(at(priorities, i)) + 0;
    if (priority != priority) return i + 1;
    const bits = reinterpret<u32>(priority);
    // Rises as the number falls.
    const key = bits >> 31 ? bits : ~bits & 0x7fffffff;
    store<u32>(at(keys, i), key);
    store<u32>(at(rows, i), i);
  }
  for (let shift: u32 = 0; shift < 32; shift += 8) {
    memory.fill(counts, 0, DIGITS << 2);
    for (let i: u32 = 0; i < n; i++) {
      const count = at(counts, (load<u32>(at(keys, i)) >> shift) & 255);
      store<u32>(count, load<u32>(count) + 1);
    }
    let before: u32 = 0;
    for (let digit: u32 = 0; digit < DIGITS; digit++) {
      const count = at(counts, digit);
      const size = load<u32>(count);
      store<u32>(count, before);
      before += size;
    }
    for (let i: u32 = 0; i < n; i++) {
      const key = load<u32>(at(keys, i));
      const count = at(counts, (key >> shift) & 255);
      const to = load<u32>(count);
      store<u32>(count, to + 1);
      store<u32>(at(nextKeys, to), key);
      store<u32>(at(nextRows, to), load<u32>(at(rows, i)));
    }
    const sorted = nextKeys;
    nextKeys = keys;
    keys = sorted;
    const moved = nextRows;
    nextRows = rows;
    rows = moved;
  }
  for (let rank: u32 = 0; rank < n; rank++) store<u32>(at(ranks, load<u32>(at(rows, rank))), rank);
  return 0;
}
