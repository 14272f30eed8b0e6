// What kernels that draw rows share.
import { at } from '../memory/lanes';
import { threefryBlocks } from './threefry';

/** Address of element `index` of an f64 or u64 tensor. */
@inline
export function at8(address: usize, index: u32): usize {
  return address + (usize(index) << 3);
}

/** Writes the words of blocks `begin` to `end`, eight bytes each, to `words` + 8 · block. */
@inline
export function drawWords(words: usize, key: usize, stream: i32, begin: u32, end: u32): void {
  if (begin < end) {
    threefryBlocks(at8(words, begin), key, stream, begin, i32((end - begin + 3) >> 2));
  }
}

/** The 53 leading bits of block `index` as a number in [0, 1). */
@inline
export function uniform53(words: usize, index: u32): f64 {
  const high = f64(load<u32>(at8(words, index)));
  const low = f64(load<u32>(at8(words, index), 4) >> 11);
  return (high * 2097152 + low) * 1.1102230246251565e-16;
}

/** 1 + the position of a weight that is not a finite number ≥ 0, or 0. */
export function badWeight(weights: usize, rows: u32): i32 {
  for (let row: u32 = 0; row < rows; row++) {
    const weight = f32.load(at(weights, row));
    if (!(weight >= 0 && weight < Infinity)) return row + 1;
  }
  return 0;
}
