import { at } from '../memory/lanes';
import { rowsBegin, rowsEnd } from '../memory/share';
import { variesLessDithered } from '../quantization/dither';
import { packRow } from '../quantization/pack';
import { largest, positions } from '../quantization/positions';
import { DRAWN, drawRowWords, rowWords } from '../quantization/random-bits';
import { ditheredRange, NO_RANGE, rangeOf } from '../quantization/range';
import { rotationSigns, transformGroups, turnSigns } from '../quantization/rotate';
import { findRow, rowBits, rowCodes } from '../quantization/segments';

/**
 * Rounds rows to codes, as core's quantize op defines it. Gives 1 + the position of a value for
 * which there is no range, or 0.
 *
 * @param x f32 [rows, features]
 * @param key i32 [2]
 * @param ranks i32 [rows], checked, or 0: a row's rank is its number
 * @param scratch for each thread `stride` bytes: signs and a row, each filled up to a multiple of
 * 64 features, and the random words of eight rows
 */
export function quantize(
  thread: i32,
  threads: i32,
  x: usize,
  key: usize,
  ranks: usize,
  codes: usize,
  ranges: usize,
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
): i32 {
  const begin = rowsBegin(rows, thread, threads);
  const end = rowsEnd(rows, thread, threads);
  const bad = quantizeRows(
    at(x, begin * features), key, ranks, codes, ranges, scratch + usize(thread) * stride, begin, end,
    features, group, rotates, stream, rows8, rows4, rows3, rows2,
  );
  return bad ? begin * features + bad : 0;
}

/**
 * Rounds rows `begin` to `end`, on one thread. Gives 1 + the position among them of a value for which there
 * is no range, or 0.
 *
 * @param x f32 [end − begin, features]
 * @param ranks i32 [rows], checked, or 0: a row's rank is its number
 * @param room signs and a row, each filled up to a multiple of 64 features, and the random words of
 * eight rows
 */
export function quantizeRows(
  x: usize,
  key: usize,
  ranks: usize,
  codes: usize,
  ranges: usize,
  room: usize,
  begin: u32,
  end: u32,
  features: u32,
  group: u32,
  rotates: i32,
  stream: i32,
  rows8: u32,
  rows4: u32,
  rows3: u32,
  rows2: u32,
): i32 {
  const padded = (features + 63) & ~63;
  const signs = room;
  const work = at(signs, padded);
  const words = at(work, padded);
  const groups = (features + group - 1) / group;
  if (rotates) rotationSigns(signs, features);
  memory.fill(work, 0, usize(padded) << 2);
  for (let row = begin; row < end; row++) {
    const drawn = (row - begin) % DRAWN;
    if (drawn == 0) drawRowWords(words, key, stream, row, min(DRAWN, end - row), features);
    const rank = ranks ? load<u32>(at(ranks, row)) : row;
    findRow(codes, rank, features, rows8, rows4, rows3, rows2);
    const first = (row - begin) * features;
    const from = at(x, first);
    let source = from;
    if (rotates) {
      turnSigns(from, signs, work, features);
      transformGroups(work, features, group);
      source = work;
    }
    const levels = f32((1 << rowBits) - 1);
    for (let g: u32 = 0, f: u32 = 0; g < groups; g++, f += group) {
      const count = min(group, features - f);
      const range = rangeOf(at(source, f), count, levels);
      if (range == NO_RANGE) return first + f + largest(at(from, f), count) + 1;
      positions(at(source, f), at(work, f), count, range, levels);
      const dithered = variesLessDithered(at(work, f), count, rowBits);
      i32.store(at(ranges, row * groups + g), dithered ? ditheredRange(range) : range);
    }
    packRow(work, rowWords(words, drawn, features), rowCodes, features, rowBits);
  }
  return 0;
}
