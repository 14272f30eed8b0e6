import { at, load4, store4 } from '../memory/lanes';
import { rowsBegin, rowsEnd } from '../memory/share';
import { minimumOf, stepOf } from '../quantization/range';
import { rotationSigns, transformGroups, turnSigns } from '../quantization/rotate';
import { findRow, rowBits, rowCodes } from '../quantization/segments';
import { unpackRow } from '../quantization/unpack';

/** Gives 1 + the position of a rank outside [0, rows), or 0; a thread looks at all of them. */
export function checkRanks(ranks: usize, rows: u32): i32 {
  for (let row: u32 = 0; row < rows; row++) {
    if (load<u32>(at(ranks, row)) >= rows) return row + 1;
  }
  return 0;
}

/**
 * Rows `begin` to `end` of what was quantized, still rotated, on one thread.
 *
 * @param ranks i32 [rows], checked, or 0: a row's rank is its number
 * @param y f32 [end − begin, features]
 * @param work room for a row, filled up to a multiple of 32 features
 */
export function dequantizeRows(
  codes: usize,
  ranges: usize,
  ranks: usize,
  y: usize,
  work: usize,
  begin: u32,
  end: u32,
  features: u32,
  group: u32,
  rows8: u32,
  rows4: u32,
  rows3: u32,
  rows2: u32,
): void {
  const groups = (features + group - 1) / group;
  let to = y;
  for (let row = begin; row < end; row++) {
    const rank = ranks ? load<u32>(at(ranks, row)) : row;
    findRow(codes, rank, features, rows8, rows4, rows3, rows2);
    unpackRow(rowCodes, work, features, rowBits);
    for (let g: u32 = 0, f: u32 = 0; g < groups; g++, f += group) {
      const range = i32.load(at(ranges, row * groups + g));
      place(at(work, f), at(to, f), min(group, features - f), range);
    }
    to = at(to, features);
  }
}

/** y = minimum + step · x */
@inline
function place(x: usize, y: usize, n: u32, range: i32): void {
  const minimum = f32x4.splat(minimumOf(range));
  const step = f32x4.splat(stepOf(range));
  let i: u32 = 0;
  for (; i + 16 <= n; i += 16) {
    const from = at(x, i);
    const to = at(y, i);
    v128.store(to, f32x4.add(minimum, f32x4.mul(v128.load(from), step)));
    v128.store(to, f32x4.add(minimum, f32x4.mul(v128.load(from, 16), step)), 16);
    v128.store(to, f32x4.add(minimum, f32x4.mul(v128.load(from, 32), step)), 32);
    v128.store(to, f32x4.add(minimum, f32x4.mul(v128.load(from, 48), step)), 48);
  }
  for (; i < n; i += 4) store4(y, i, n, f32x4.add(minimum, f32x4.mul(load4(x, i), step)));
}

/**
 * All of what was quantized, rotated back where it was rotated; each thread has a range of rows.
 * @param scratch for each thread room for signs and a row, each filled up to a multiple of 64
 */
export function dequantize(
  thread: i32,
  threads: i32,
  codes: usize,
  ranges: usize,
  ranks: usize,
  y: usize,
  scratch: usize,
  rows: u32,
  features: u32,
  group: u32,
  rotates: i32,
  rows8: u32,
  rows4: u32,
  rows3: u32,
  rows2: u32,
): void {
  const padded = (features + 63) & ~63;
  const signs = at(scratch, u32(thread) * 2 * padded);
  const work = at(signs, padded);
  if (rotates) rotationSigns(signs, features);
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    const to = at(y, row * features);
    dequantizeRows(
      codes, ranges, ranks, to, work, row, row + 1, features, group, rows8, rows4, rows3, rows2,
    );
    if (!rotates) continue;
    transformGroups(to, features, group);
    turnSigns(to, signs, to, features);
  }
}
