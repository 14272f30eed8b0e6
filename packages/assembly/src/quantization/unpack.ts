// The inverse of packing: codes four at a time.
import { at } from '../memory/lanes';
import { multipliersOf, random4, wordsOf } from './random-bits';
import { PACKED } from './segments';

/** Writes a row's codes as i32, filled up to a multiple of 32. */
export function unpackRow(codes: usize, y: usize, features: u32, bits: u32): void {
  unpack(codes, y, features, bits, false, 0);
}

/**
 * Writes (code − λ u) · 2^16 of a row's codes as i32, u being the words' random bits and λ as core's
 * dither has it, filled up to a multiple of 32.
 * @param words two Threefry blocks for each 64 features
 */
export function unpackDithered(
  codes: usize,
  y: usize,
  features: u32,
  bits: u32,
  words: usize,
): void {
  unpack(codes, y, features, bits, true, words);
}

@inline
function unpack(
  codes: usize,
  y: usize,
  features: u32,
  bits: u32,
  dithers: bool,
  words: usize,
): void {
  let from = codes;
  let chunk: u32 = 0;
  let w = i32x4.splat(0);
  for (let f: u32 = 0; f < features; f += PACKED) {
    const to = at(y, f);
    const m = multipliersOf(chunk);
    if (dithers) w = wordsOf(words, chunk);
    if (bits == 2) unpack2(from, to, dithers, w, m);
    else if (bits == 3) unpack3(from, to, dithers, w, m);
    else if (bits == 4) unpack4(from, to, dithers, w, m);
    else if (bits == 8) unpack8(from, to, dithers, w, m);
    else unpack1(from, to, dithers, w, m);
    from += usize(bits) << 2;
    chunk++;
  }
}

/** Writes codes `turn` of four lanes, `mask` wide and moved down by `shift`. */
@inline
function write(
  to: usize,
  turn: i32,
  lanes: v128,
  shift: i32,
  mask: v128,
  dithers: bool,
  w: v128,
  m: usize,
  bits: u32,
): void {
  let code = v128.and(i32x4.shr_u(lanes, shift), mask);
  if (dithers) code = i32x4.sub(i32x4.shl(code, 16), taken(random4(w, m, turn), bits));
  v128.store(to + (usize(turn) << 4), code);
}

/** λ u: 5/4 of it for one bit, 7/8 for two, else all. */
@inline
function taken(random: v128, bits: u32): v128 {
  if (bits == 1) return i32x4.add(random, i32x4.shr_u(random, 2));
  if (bits == 2) return i32x4.sub(random, i32x4.shr_u(random, 3));
  return random;
}

/** A word's four bytes as lanes. */
@inline
function bytes4(from: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from)));
}

@inline
function unpack1(from: usize, to: usize, dithers: bool, w: v128, m: usize): void {
  const lanes = bytes4(from);
  const mask = i32x4.splat(1);
  write(to, 0, lanes, 0, mask, dithers, w, m, 1);
  write(to, 1, lanes, 1, mask, dithers, w, m, 1);
  write(to, 2, lanes, 2, mask, dithers, w, m, 1);
  write(to, 3, lanes, 3, mask, dithers, w, m, 1);
  write(to, 4, lanes, 4, mask, dithers, w, m, 1);
  write(to, 5, lanes, 5, mask, dithers, w, m, 1);
  write(to, 6, lanes, 6, mask, dithers, w, m, 1);
  write(to, 7, lanes, 7, mask, dithers, w, m, 1);
}

@inline
function unpack2(from: usize, to: usize, dithers: bool, w: v128, m: usize): void {
  const lanes = v128.load16x4_u(from);
  const mask = i32x4.splat(3);
  write(to, 0, lanes, 0, mask, dithers, w, m, 2);
  write(to, 1, lanes, 2, mask, dithers, w, m, 2);
  write(to, 2, lanes, 4, mask, dithers, w, m, 2);
  write(to, 3, lanes, 6, mask, dithers, w, m, 2);
  write(to, 4, lanes, 8, mask, dithers, w, m, 2);
  write(to, 5, lanes, 10, mask, dithers, w, m, 2);
  write(to, 6, lanes, 12, mask, dithers, w, m, 2);
  write(to, 7, lanes, 14, mask, dithers, w, m, 2);
}

/** Spreads 8 × 2 and 8 × 1 bits out to four bits each, of which the codes take three. */
@inline
function unpack3(from: usize, to: usize, dithers: bool, w: v128, m: usize): void {
  let low = v128.load16x4_u(from);
  low = v128.and(v128.or(low, i32x4.shl(low, 8)), i32x4.splat(0x00ff00ff));
  low = v128.and(v128.or(low, i32x4.shl(low, 4)), i32x4.splat(0x0f0f0f0f));
  low = v128.and(v128.or(low, i32x4.shl(low, 2)), i32x4.splat(0x33333333));
  let high = bytes4(from + 8);
  high = v128.and(v128.or(high, i32x4.shl(high, 12)), i32x4.splat(0x000f000f));
  high = v128.and(v128.or(high, i32x4.shl(high, 6)), i32x4.splat(0x03030303));
  high = v128.and(v128.or(high, i32x4.shl(high, 3)), i32x4.splat(0x11111111));
  writeNibbles(to, v128.or(low, i32x4.shl(high, 2)), dithers, w, m);
}

@inline
function unpack4(from: usize, to: usize, dithers: bool, w: v128, m: usize): void {
  writeNibbles(to, v128.load(from), dithers, w, m);
}

@inline
function writeNibbles(to: usize, lanes: v128, dithers: bool, w: v128, m: usize): void {
  const mask = i32x4.splat(15);
  write(to, 0, lanes, 0, mask, dithers, w, m, 4);
  write(to, 1, lanes, 4, mask, dithers, w, m, 4);
  write(to, 2, lanes, 8, mask, dithers, w, m, 4);
  write(to, 3, lanes, 12, mask, dithers, w, m, 4);
  write(to, 4, lanes, 16, mask, dithers, w, m, 4);
  write(to, 5, lanes, 20, mask, dithers, w, m, 4);
  write(to, 6, lanes, 24, mask, dithers, w, m, 4);
  write(to, 7, lanes, 28, mask, dithers, w, m, 4);
}

@inline
function unpack8(from: usize, to: usize, dithers: bool, w: v128, m: usize): void {
  const mask = i32x4.splat(255);
  const first = v128.load(from);
  write(to, 0, first, 0, mask, dithers, w, m, 8);
  write(to, 1, first, 8, mask, dithers, w, m, 8);
  write(to, 2, first, 16, mask, dithers, w, m, 8);
  write(to, 3, first, 24, mask, dithers, w, m, 8);
  const second = v128.load(from, 16);
  write(to, 4, second, 0, mask, dithers, w, m, 8);
  write(to, 5, second, 8, mask, dithers, w, m, 8);
  write(to, 6, second, 16, mask, dithers, w, m, 8);
  write(to, 7, second, 24, mask, dithers, w, m, 8);
}
