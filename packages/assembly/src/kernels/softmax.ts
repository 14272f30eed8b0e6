import { at } from '../memory/lanes';
import { rowsBegin, rowsEnd } from '../memory/share';
import { rowSoftmax } from '../math/rows';

/** y = softmax(x) over each of the rows, f32 [rows, n]; y may be x. */
export function softmax(
  thread: i32,
  threads: i32,
  x: usize,
  y: usize,
  rows: u32,
  n: u32,
): void {
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    rowSoftmax(at(x, row * n), at(y, row * n), n);
  }
}
