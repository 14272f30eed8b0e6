import { at, load4, store4 } from '../memory/lanes';
import { shareBegin, shareEnd } from '../memory/share';
import {
  firstWords,
  high0,
  high1,
  high2,
  high3,
  lastWords,
  low0,
  low1,
  low2,
  low3,
  threefry16,
} from '../random/threefry';

/**
 * y = x / (1 − threshold/65536) where an element's 16 random bits are at least `threshold`, else 0.
 * x, y: f32 [n], y may be x; key: i32 [2].
 */
export function dropout(
  thread: i32,
  threads: i32,
  x: usize,
  key: usize,
  y: usize,
  n: u32,
  stream: i32,
  threshold: i32,
): void {
  const key0 = i32.load(key);
  const key1 = i32.load(key, 4);
  const least = i16x8.splat(i16(threshold));
  const by = f32x4.splat(f32(1 / (1 - f64(threshold) / 65536)));
  const end = shareEnd(n, thread, threads);
  for (let i = shareBegin(n, thread, threads); i < end; i += 64) {
    const block = i >> 2;
    threefry16(key0, key1, stream, block, block + 4, block + 8, block + 12);
    drop16(x, y, i, end, low0, high0, least, by);
    if (i + 16 < end) drop16(x, y, i + 16, end, low1, high1, least, by);
    if (i + 32 < end) drop16(x, y, i + 32, end, low2, high2, least, by);
    if (i + 48 < end) drop16(x, y, i + 48, end, low3, high3, least, by);
  }
}

/** Elements i … i + 15, as far as they lie before `end`, by the words of four blocks. */
@inline
function drop16(
  x: usize,
  y: usize,
  i: u32,
  end: u32,
  low: v128,
  high: v128,
  least: v128,
  by: v128,
): void {
  const keep0 = i16x8.ge_u(firstWords(low, high), least);
  const keep1 = i16x8.ge_u(lastWords(low, high), least);
  const m0 = i32x4.extend_low_i16x8_s(keep0);
  const m1 = i32x4.extend_high_i16x8_s(keep0);
  const m2 = i32x4.extend_low_i16x8_s(keep1);
  const m3 = i32x4.extend_high_i16x8_s(keep1);
  if (i + 16 <= end) {
    const from = at(x, i);
    const to = at(y, i);
    v128.store(to, v128.and(f32x4.mul(v128.load(from), by), m0));
    v128.store(to, v128.and(f32x4.mul(v128.load(from, 16), by), m1), 16);
    v128.store(to, v128.and(f32x4.mul(v128.load(from, 32), by), m2), 32);
    v128.store(to, v128.and(f32x4.mul(v128.load(from, 48), by), m3), 48);
    return;
  }
  store4(y, i, end, v128.and(f32x4.mul(load4(x, i), by), m0));
  if (i + 4 < end) store4(y, i + 4, end, v128.and(f32x4.mul(load4(x, i + 4), by), m1));
  if (i + 8 < end) store4(y, i + 8, end, v128.and(f32x4.mul(load4(x, i + 8), by), m2));
  if (i + 12 < end) store4(y, i + 12, end, v128.and(f32x4.mul(load4(x, i + 12), by), m3));
}
