// WebAssembly has no prefetch. Rows that lie anywhere in memory are brought near by a load from each
// of their cache lines, some rows before they are used: so many loads at once are under way together,
// as those among computations are not.
import { at } from './lanes';
import { LINE } from './share';

/** Elements of a page of memory, and of what a processor's caches surely hold: 8 MiB. */
const PAGE: u32 = 1024;
const CACHED: usize = 2097152;

/** Elements of rows that are brought near at once, which half of a first-level cache holds. */
export const NEAR: u32 = 4096;

/**
 * Whether rows of a matrix, read in any order, should be brought near: it is more than caches hold,
 * and a row no longer than a page, in which the processor would see by itself what comes next.
 */
@inline
export function liesFar(rows: u32, features: u32): bool {
  return features <= PAGE && usize(rows) * features > CACHED;
}

@inline
export function bringNear(row: usize, features: u32): void {
  for (let i: u32 = 0; i < features; i += LINE) load<u32>(at(row, i));
}
