// Blocks of rows of a matrix, whose columns are summed up: those that the cache holds give partial
// results, in f32; these are combined in f64, so that a hundred thousand rows cost no accuracy. A
// block's partials are two vectors of n floats, each padded to a multiple of 16.
import { at } from '../memory/lanes';

/** Rows to a block, whatever the number of threads. */
export const BLOCK: u32 = 256;

@inline
export function padded(n: u32): u32 {
  return (n + 15) & ~15;
}

@inline
export function blocksOf(rows: u32): u32 {
  return (rows + BLOCK - 1) / BLOCK;
}

@inline
export function rowsOf(block: u32, rows: u32): f64 {
  return f64(min(BLOCK, rows - block * BLOCK));
}

/** The mean of a column, in f64. */
export function columnMean(x: usize, i: u32, rows: u32, n: u32): f64 {
  let sum: f64 = 0;
  for (let row: u32 = 0; row < rows; row++) sum += f64(f32.load(at(x, row * n + i)));
  return sum / f64(rows);
}
