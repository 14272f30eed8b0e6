import { constant } from '../memory/constants';
import { at, load4 } from '../memory/lanes';
import { rowsBegin, rowsEnd } from '../memory/share';
import { packRow } from '../quantization/pack';
import { minimumOf, NO_RANGE, rangeOf, stepOf } from '../quantization/range';
import { rotationSigns, transformGroups, turnSigns } from '../quantization/rotate';
import { findRow, PACKED, rowBits, rowCodes } from '../quantization/segments';
import { threefryBlocks } from '../random/threefry';

/** Rows whose random words are drawn at once. */
const DRAWN: u32 = 8;

const CONSTANTS = memory.data<f32>([
  8388608, // 2^23: added to a smaller number ≥ 0 it rounds to a whole number in the low bits
], 16);

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
  const padded = (features + 63) & ~63;
  const signs = scratch + usize(thread) * stride;
  const work = at(signs, padded);
  const words = at(work, padded);
  const groups = (features + group - 1) / group;
  const rowBlocks = padded >> 5;
  if (rotates) rotationSigns(signs, features);
  memory.fill(work, 0, usize(padded) << 2);
  const end = rowsEnd(rows, thread, threads);
  const begin = rowsBegin(rows, thread, threads);
  for (let row = begin; row < end; row++) {
    const drawn = (row - begin) % DRAWN;
    if (drawn == 0) {
      const ahead = min(DRAWN, end - row) * rowBlocks;
      threefryBlocks(words, key, stream, row * rowBlocks, i32((ahead + 3) >> 2));
    }
    const rank = ranks ? load<u32>(at(ranks, row)) : row;
    findRow(codes, rank, features, rows8, rows4, rows3, rows2);
    const from = at(x, row * features);
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
      if (range == NO_RANGE) return row * features + f + largest(at(from, f), count) + 1;
      i32.store(at(ranges, row * groups + g), range);
      positions(at(source, f), at(work, f), count, range, levels);
    }
    packRow(work, words + usize(drawn * rowBlocks) * 8, rowCodes, features, rowBits);
  }
  return 0;
}

/** The first of n values that is not finite, else the one of largest magnitude. */
function largest(x: usize, n: u32): u32 {
  let found: u32 = 0;
  let most: f32 = -1;
  for (let i: u32 = 0; i < n; i++) {
    const size = abs(f32.load(at(x, i)));
    if (!(size < f32.POSITIVE_INFINITY)) return i;
    if (size > most) {
      most = size;
      found = i;
    }
  }
  return found;
}

/**
 * Where between the codes each value lies: in units of 2^-16 of a step, in the low 24 bits of a
 * word, above which there may be others.
 */
function positions(x: usize, y: usize, n: u32, range: i32, levels: f32): void {
  const step = stepOf(range);
  const minimum = f32x4.splat(minimumOf(range));
  const inverse = f32x4.splat(step == 0 ? 0 : 65536 / step);
  const most = f32x4.splat(levels * 65536);
  const wide = levels > 100;
  let i: u32 = 0;
  if (wide) {
    for (; i + 4 <= n; i += 4) v128.store(at(y, i), wide4(load4(x, i), minimum, inverse, most));
  } else {
    for (; i + 8 <= n; i += 8) {
      const to = at(y, i);
      const from = at(x, i);
      v128.store(to, narrow4(v128.load(from), minimum, inverse, most));
      v128.store(to, narrow4(v128.load(from, 16), minimum, inverse, most), 16);
    }
    for (; i + 4 <= n; i += 4) v128.store(at(y, i), narrow4(load4(x, i), minimum, inverse, most));
  }
  for (; i < n; i++) {
    const value = v128.load32_splat(at(x, i));
    v128.store32_lane(at(y, i), wide4(value, minimum, inverse, most), 0);
  }
}

@inline
function exact4(x: v128, minimum: v128, inverse: v128, most: v128): v128 {
  return f32x4.pmin(f32x4.mul(f32x4.sub(x, minimum), inverse), most);
}

/** For positions up to 2^23, which is left set above them. */
@inline
function narrow4(x: v128, minimum: v128, inverse: v128, most: v128): v128 {
  return f32x4.add(exact4(x, minimum, inverse, most), constant(CONSTANTS, 0));
}

@inline
function wide4(x: v128, minimum: v128, inverse: v128, most: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(exact4(x, minimum, inverse, most)));
}

