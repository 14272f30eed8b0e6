import { badStart, usedRows } from '../memory/sequences';

/**
 * 1 + the position of a start, i32 [examples + 1], that does not rise from 0 to at most `rows`, or of the
 * last one where it is below `least`; 0 where all are right.
 */
export function checkUsedRows(
  thread: i32,
  threads: i32,
  starts: usize,
  examples: u32,
  rows: u32,
  least: u32,
): i32 {
  const wrong = badStart(starts, examples, rows, rows);
  if (wrong != 0) return wrong;
  return usedRows(starts, examples, rows) < least ? examples + 1 : 0;
}
