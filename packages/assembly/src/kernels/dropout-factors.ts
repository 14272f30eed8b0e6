import { at } from '../memory/lanes';
import { wordsFrom } from '../random/threefry';

/** Elements whose bits are drawn at once. */
const DRAWN: u32 = 4096;

/** Elements of a Threefry block. */
const PER_BLOCK: u32 = 4;

/**
 * What dropout multiplies by: 1 / (1 − threshold/65536) where an element's 16 random bits are at least
 * `threshold`, else 0. Each row's elements follow those of the row before, from element
 * PER_BLOCK · block + skipped on; behind them a row is filled up with zeros.
 *
 * @param y f32 [rows, width]; up to seven numbers behind it are written too
 * @param words room for 8256 bytes
 * @param key i32 [2]
 * @param block a whole number below 2^53
 * @param run elements of a row, at most `width`
 */
export function dropoutFactors(
  y: usize,
  words: usize,
  key: usize,
  stream: i32,
  block: f64,
  skipped: u32,
  rows: u32,
  run: u32,
  width: u32,
  threshold: i32,
): void {
  const least = i16x8.splat(i16(threshold));
  const by = f32x4.splat(f32(1 / (1 - f64(threshold) / 65536)));
  let element = u64(block) * PER_BLOCK + skipped;
  for (let row: u32 = 0; row < rows; row++) {
    const to = at(y, row * width);
    for (let done: u32 = 0; done < run; done += DRAWN) {
      const count = min(DRAWN, run - done);
      const before = u32(element & 3);
      const blocks = (before + count + PER_BLOCK - 1) / PER_BLOCK;
      wordsFrom(words, key, stream, element >> 2, i32((blocks + 3) >> 2));
      const bits = words + (before << 1);
      for (let i: u32 = 0; i < count; i += 8) {
        const kept = i16x8.ge_u(v128.load(bits + (i << 1)), least);
        const place = at(to, done + i);
        v128.store(place, v128.and(i32x4.extend_low_i16x8_s(kept), by));
        v128.store(place, v128.and(i32x4.extend_high_i16x8_s(kept), by), 16);
      }
      element += count;
    }
    memory.fill(at(to, run), 0, usize(width - run) << 2);
  }
}
