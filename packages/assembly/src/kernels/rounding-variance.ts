import { at, sumLanes } from '../memory/lanes';
import { rowsBegin, rowsEnd } from '../memory/share';
import { eighths } from '../quantization/dither';
import { largest, positions } from '../quantization/positions';
import { NO_RANGE, rangeOf, stepOf } from '../quantization/range';
import { rotationSigns, transformGroups, turnSigns } from '../quantization/rotate';
import { findRow, rowBits } from '../quantization/segments';

/**
 * Σ s² f (1 − f) over each row's values, s the step and f the fraction of one at which they lie; with
 * dither Σ s² ((1 − λ) f (1 − f) + λ²/12) of the groups of which it is less. Gives 1 + the position of a value for which there
 * is no range, or 0.
 *
 * @param x f32 [rows, features]
 * @param ranks i32 [rows], checked, or 0: a row's rank is its number
 * @param y f32 [rows]
 * @param scratch for each thread room for signs and a row, each filled up to a multiple of 64
 */
export function roundingVariance(
  thread: i32,
  threads: i32,
  x: usize,
  ranks: usize,
  y: usize,
  scratch: usize,
  rows: u32,
  features: u32,
  group: u32,
  rotates: i32,
  dithers: i32,
  rows8: u32,
  rows4: u32,
  rows3: u32,
  rows2: u32,
): i32 {
  const padded = (features + 63) & ~63;
  const signs = at(scratch, u32(thread) * 2 * padded);
  const work = at(signs, padded);
  if (rotates) rotationSigns(signs, features);
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    findRow(0, ranks ? load<u32>(at(ranks, row)) : row, features, rows8, rows4, rows3, rows2);
    const from = at(x, row * features);
    let source = from;
    if (rotates) {
      turnSigns(from, signs, work, features);
      transformGroups(work, features, group);
      source = work;
    }
    const levels = f32((1 << rowBits) - 1);
    const share = f64(eighths(rowBits)) / 8;
    let total: f64 = 0;
    for (let f: u32 = 0; f < features; f += group) {
      const count = min(group, features - f);
      const range = rangeOf(at(source, f), count, levels);
      if (range == NO_RANGE) return row * features + f + largest(at(from, f), count) + 1;
      positions(at(source, f), at(work, f), count, range, levels);
      const step = f64(stepOf(range));
      const sum = fractions(at(work, f), count);
      const dithered = (1 - share) * sum + ((share * share) / 12) * f64(count);
      total += step * step * (dithers ? min(sum, dithered) : sum);
    }
    f32.store(at(y, row), f32(total));
  }
  return 0;
}

/** Σ f (1 − f) */
function fractions(at16: usize, n: u32): f64 {
  let sum = f32x4.splat(0);
  const one = f32x4.splat(65536);
  const mask = i32x4.splat(0xffff);
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4) {
    const f = f32x4.convert_i32x4_s(v128.and(v128.load(at(at16, i)), mask));
    sum = f32x4.add(sum, f32x4.mul(f, f32x4.sub(one, f)));
  }
  let total = f64(sumLanes(sum));
  for (; i < n; i++) {
    const f = f64(load<u32>(at(at16, i)) & 0xffff);
    total += f * (65536 - f);
  }
  return total / (65536.0 * 65536.0);
}
