import { at } from '../memory/lanes';
import { badStart, clearRows, startOf } from '../memory/sequences';
import { shareBegin, shareEnd } from '../memory/share';

/**
 * y = x, f32 [rows, features], with zeros in the rows behind the last sequence; y may be x, of which
 * then only those are touched. starts: i32 [examples + 1]. Gives 1 + the position of a start that is
 * wrong, or 0.
 */
export function zeroRowsBehind(
  thread: i32, threads: i32, x: usize, starts: usize, y: usize, rows: i32, examples: i32, features: i32,
): i32 {
  const wrong = badStart(starts, examples, rows, rows);
  if (wrong != 0) return wrong;
  const used = startOf(starts, examples);
  if (x != y) {
    const count = u32(used) * u32(features);
    const begin = shareBegin(count, thread, threads);
    memory.copy(at(y, begin), at(x, begin), usize(shareEnd(count, thread, threads) - begin) << 2);
  }
  clearRows(thread, threads, y, used, rows, features);
  return 0;
}
