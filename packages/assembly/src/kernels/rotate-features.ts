import { at } from '../memory/lanes';
import { rowsBegin, rowsEnd } from '../memory/share';
import { rotationSigns, transformGroups, turnSigns } from '../quantization/rotate';

/**
 * Rotates each group of each row, or turns it back. x, y: f32 [rows, features], y may be x.
 * @param scratch for each thread room for signs, filled up to a multiple of 64
 */
export function rotateFeatures(
  thread: i32,
  threads: i32,
  x: usize,
  y: usize,
  scratch: usize,
  rows: u32,
  features: u32,
  group: u32,
  inverse: i32,
): void {
  const signs = at(scratch, u32(thread) * ((features + 63) & ~63));
  rotationSigns(signs, features);
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    const from = at(x, row * features);
    const to = at(y, row * features);
    if (!inverse) turnSigns(from, signs, to, features);
    else if (from != to) memory.copy(to, from, usize(features) << 2);
    transformGroups(to, features, group);
    if (inverse) turnSigns(to, signs, to, features);
  }
}
