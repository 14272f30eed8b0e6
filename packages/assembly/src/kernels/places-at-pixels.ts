import { copyFloats } from '../memory/copy-floats';
import { rowsBegin, rowsEnd } from '../memory/share';

/**
 * Of each pixel what is at the place whose window has it as its `element`-th, or zeros: f32 [batch · rows · columns, n].
 *
 * @param dy f32 [batch, down, across, n]
 */
export function placesAtPixels(
  thread: i32, threads: i32, dy: usize, to: usize, element: i32, batch: u32, rows: u32, columns: u32, n: i32,
  windowRows: i32, windowColumns: i32, strideDown: i32, strideAcross: i32, dilationDown: i32,
  dilationAcross: i32, above: i32, left: i32, down: i32, across: i32,
): void {
  const bytes = usize(n) << 2;
  const lines = batch * rows;
  const end = rowsEnd(lines, thread, threads);
  // Of the pixel that the window at place 0 has there.
  const top = (element / windowColumns) * dilationDown - above;
  const first = (element % windowColumns) * dilationAcross - left;
  for (let line = rowsBegin(lines, thread, threads); line < end; line++) {
    let next = to + usize(line * columns) * bytes;
    const y = i32(line % rows) - top;
    const place = y / strideDown;
    if (y < 0 || place >= down || place * strideDown != y) {
      memory.fill(next, 0, usize(columns) * bytes);
      continue;
    }
    const places = dy + usize((i32(line / rows) * down + place) * across) * bytes;
    for (let column: u32 = 0; column < columns; column++, next += bytes) {
      const x = i32(column) - first;
      const at = x / strideAcross;
      if (x >= 0 && at < across && at * strideAcross == x) {
        copyFloats(next, places + usize(at) * bytes, n);
      } else {
        memory.fill(next, 0, bytes);
      }
    }
  }
}
