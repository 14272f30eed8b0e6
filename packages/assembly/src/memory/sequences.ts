// Sequences that lie one behind the other: those of `starts`, i32 [examples + 1].
import { at } from './lanes';
import { shareBegin, shareEnd } from './share';

/**
 * 1 + the position of the first start that does not rise from 0 to at most `rows`, or by more than
 * `longest`; 0 where all are right. On every thread: each one goes by them.
 */
export function badStart(starts: usize, examples: i32, rows: i32, longest: i32): i32 {
  let before: i64 = 0;
  for (let e = 0; e <= examples; e++) {
    const start = i64(load<i32>(at(starts, e)));
    const most = e == 0 ? i64(0) : min<i64>(rows, before + longest);
    if (start < before || start > most) return e + 1;
    before = start;
  }
  return 0;
}

@inline
export function startOf(starts: usize, example: i32): i32 {
  return load<i32>(at(starts, example));
}

@inline
export function lengthOf(starts: usize, example: i32): i32 {
  return startOf(starts, example + 1) - startOf(starts, example);
}

/** Which thread does a piece of work, by what is done before its middle: shares are alike in cost. */
@inline
export function ownerOf(before: u64, cost: u64, total: u64, threads: i32): i32 {
  return i32(((2 * before + cost) * u64(threads)) / (2 * total));
}

/** A thread's share of the zeros in rows `begin` to `end` of columns numbers each. */
export function clearRows(
  thread: i32, threads: i32, x: usize, begin: i32, end: i32, columns: i32,
): void {
  const count = u32(end - begin) * u32(columns);
  const first = shareBegin(count, thread, threads);
  const to = at(x, u32(begin) * u32(columns) + first);
  memory.fill(to, 0, usize(shareEnd(count, thread, threads) - first) << 2);
}

/** Rows that are somebody's: up to where the last of the sequences ends; all where starts is 0. */
@inline
export function usedRows(starts: usize, examples: u32, rows: u32): u32 {
  return starts == 0 ? rows : load<u32>(at(starts, examples));
}
