import { at, load4, store4 } from '../memory/lanes';
import { rowsBegin, rowsEnd } from '../memory/share';
import { meanTaken } from '../quantization/dither';
import { DRAWN, drawRowWords, rowWords } from '../quantization/random-bits';
import { isDithered, minimumOf, stepOf } from '../quantization/range';
import { rotationSigns, transformGroups, turnSigns } from '../quantization/rotate';
import { findRow, rowBits, rowCodes } from '../quantization/segments';
import { unpackDithered, unpackRow } from '../quantization/unpack';

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
 * @param key i32 [2], of which the dither is drawn again; or 0: codes are read as they are
 * @param ranks i32 [rows], checked, or 0: a row's rank is its number
 * @param y f32 [end − begin, features]
 * @param work room for a row, filled up to a multiple of 64 features, and the random words of eight
 */
export function dequantizeRows(
  codes: usize,
  ranges: usize,
  key: usize,
  ranks: usize,
  y: usize,
  work: usize,
  begin: u32,
  end: u32,
  features: u32,
  group: u32,
  stream: i32,
  rows8: u32,
  rows4: u32,
  rows3: u32,
  rows2: u32,
): void {
  const groups = (features + group - 1) / group;
  const words = at(work, (features + 63) & ~63);
  let to = y;
  for (let row = begin; row < end; row++) {
    const drawn = (row - begin) % DRAWN;
    if (key && drawn == 0) {
      drawRowWords(words, key, stream, row, min(DRAWN, end - row), features);
    }
    const rank = ranks ? load<u32>(at(ranks, row)) : row;
    findRow(codes, rank, features, rows8, rows4, rows3, rows2);
    const rowRanges = at(ranges, row * groups);
    const dithered = key ? ditheredGroups(rowRanges, groups) : 0;
    if (dithered < groups) {
      unpackRow(rowCodes, work, features, rowBits);
      for (let g: u32 = 0, f: u32 = 0; g < groups; g++, f += group) {
        const range = i32.load(at(rowRanges, g));
        if (key && isDithered(range)) continue;
        place(at(work, f), at(to, f), min(group, features - f), minimumOf(range), stepOf(range));
      }
    }
    if (dithered > 0) {
      unpackDithered(rowCodes, work, features, rowBits, rowWords(words, drawn, features));
      for (let g: u32 = 0, f: u32 = 0; g < groups; g++, f += group) {
        const range = i32.load(at(rowRanges, g));
        if (!isDithered(range)) continue;
        const step = stepOf(range);
        const origin = minimumOf(range) + step * meanTaken(rowBits);
        place(at(work, f), at(to, f), min(group, features - f), origin, step / 65536);
      }
    }
    to = at(to, features);
  }
}

/** How many of a row's groups are read without their dither. */
function ditheredGroups(ranges: usize, groups: u32): u32 {
  let count: u32 = 0;
  for (let g: u32 = 0; g < groups; g++) count += u32(isDithered(i32.load(at(ranges, g))));
  return count;
}

/** y = origin + unit · x, of whole numbers x */
@inline
function place(x: usize, y: usize, n: u32, origin: f32, unit: f32): void {
  const a = f32x4.splat(origin);
  const b = f32x4.splat(unit);
  let i: u32 = 0;
  for (; i + 16 <= n; i += 16) {
    const from = at(x, i);
    const to = at(y, i);
    v128.store(to, placed(v128.load(from), a, b));
    v128.store(to, placed(v128.load(from, 16), a, b), 16);
    v128.store(to, placed(v128.load(from, 32), a, b), 32);
    v128.store(to, placed(v128.load(from, 48), a, b), 48);
  }
  for (; i < n; i += 4) store4(y, i, n, placed(load4(x, i), a, b));
}

@inline
function placed(x: v128, origin: v128, unit: v128): v128 {
  return f32x4.add(origin, f32x4.mul(f32x4.convert_i32x4_s(x), unit));
}

/**
 * All of what was quantized, rotated back where it was rotated; each thread has a range of rows.
 * @param scratch for each thread `stride` bytes: signs, and a row, filled up to multiples of 64
 * features, and the random words of eight rows
 */
export function dequantize(
  thread: i32,
  threads: i32,
  codes: usize,
  ranges: usize,
  key: usize,
  ranks: usize,
  y: usize,
  scratch: usize,
  stride: usize,
  rows: u32,
  features: u32,
  group: u32,
  rotates: i32,
  stream: i32,
  rows8: u32,
  rows4: u32,
  rows3: u32,
  rows2: u32,
): void {
  const padded = (features + 63) & ~63;
  const signs = scratch + usize(thread) * stride;
  const work = at(signs, padded);
  if (rotates) rotationSigns(signs, features);
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row += DRAWN) {
    const next = min(row + DRAWN, end);
    dequantizeRows(
      codes, ranges, key, ranks, at(y, row * features), work, row, next, features, group, stream,
      rows8, rows4, rows3, rows2,
    );
    if (!rotates) continue;
    for (let turned = row; turned < next; turned++) {
      const to = at(y, turned * features);
      transformGroups(to, features, group);
      turnSigns(to, signs, to, features);
    }
  }
}
