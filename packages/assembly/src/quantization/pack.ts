// 32 codes to a word for each bit, as core's packCodes lays them out: four lanes take codes in turn,
// and a lane's run of codes lies in one word, or in 8 · width bits of it.
import { at } from '../memory/lanes';
import { multipliersOf, random4, wordsOf } from './random-bits';
import { PACKED } from './segments';

/** Four codes: positions in units of 2^-16 of a step, random bits added, rounded down. */
@inline
function code4(positions: usize, turn: i32, words: v128, multipliers: usize, levels: v128): v128 {
  const random = random4(words, multipliers, turn);
  const sum = i32x4.add(v128.load(positions + (usize(turn) << 4)), random);
  return v128.and(i32x4.shr_u(sum, 16), levels);
}

/**
 * Rounds the positions of a row and packs them; behind its features there are zeros, up to a
 * multiple of 32.
 * @param words two Threefry blocks for each 64 features
 */
export function packRow(
  positions: usize,
  words: usize,
  codes: usize,
  features: u32,
  bits: u32,
): void {
  const levels = i32x4.splat((1 << bits) - 1);
  let to = codes;
  let chunk: u32 = 0;
  for (let f: u32 = 0; f < features; f += PACKED) {
    const p = at(positions, f);
    const w = wordsOf(words, chunk);
    const m = multipliersOf(chunk);
    if (bits == 2) pack2(to, p, w, m, levels);
    else if (bits == 3) pack3(to, p, w, m, levels);
    else if (bits == 4) v128.store(to, lanes4(p, w, m, levels));
    else if (bits == 8) pack8(to, p, w, m, levels);
    else pack1(to, p, w, m, levels);
    to += usize(bits) << 2;
    chunk++;
  }
}

@inline
function pack1(to: usize, p: usize, w: v128, m: usize, levels: v128): void {
  let a = code4(p, 0, w, m, levels);
  a = v128.or(a, i32x4.shl(code4(p, 1, w, m, levels), 1));
  a = v128.or(a, i32x4.shl(code4(p, 2, w, m, levels), 2));
  a = v128.or(a, i32x4.shl(code4(p, 3, w, m, levels), 3));
  a = v128.or(a, i32x4.shl(code4(p, 4, w, m, levels), 4));
  a = v128.or(a, i32x4.shl(code4(p, 5, w, m, levels), 5));
  a = v128.or(a, i32x4.shl(code4(p, 6, w, m, levels), 6));
  a = v128.or(a, i32x4.shl(code4(p, 7, w, m, levels), 7));
  const halves = i16x8.narrow_i32x4_u(a, a);
  v128.store32_lane(to, i8x16.narrow_i16x8_u(halves, halves), 0);
}

@inline
function pack2(to: usize, p: usize, w: v128, m: usize, levels: v128): void {
  let a = code4(p, 0, w, m, levels);
  a = v128.or(a, i32x4.shl(code4(p, 1, w, m, levels), 2));
  a = v128.or(a, i32x4.shl(code4(p, 2, w, m, levels), 4));
  a = v128.or(a, i32x4.shl(code4(p, 3, w, m, levels), 6));
  a = v128.or(a, i32x4.shl(code4(p, 4, w, m, levels), 8));
  a = v128.or(a, i32x4.shl(code4(p, 5, w, m, levels), 10));
  a = v128.or(a, i32x4.shl(code4(p, 6, w, m, levels), 12));
  a = v128.or(a, i32x4.shl(code4(p, 7, w, m, levels), 14));
  v128.store64_lane(to, i16x8.narrow_i32x4_u(a, a), 0);
}

/** The lower two bits of all codes, then the highest of all. */
@inline
function pack3(to: usize, p: usize, w: v128, m: usize, levels: v128): void {
  // Each lane takes codes into three bits each, which are then taken apart all at once.
  let a = code4(p, 0, w, m, levels);
  a = v128.or(a, i32x4.shl(code4(p, 1, w, m, levels), 4));
  a = v128.or(a, i32x4.shl(code4(p, 2, w, m, levels), 8));
  a = v128.or(a, i32x4.shl(code4(p, 3, w, m, levels), 12));
  a = v128.or(a, i32x4.shl(code4(p, 4, w, m, levels), 16));
  a = v128.or(a, i32x4.shl(code4(p, 5, w, m, levels), 20));
  a = v128.or(a, i32x4.shl(code4(p, 6, w, m, levels), 24));
  a = v128.or(a, i32x4.shl(code4(p, 7, w, m, levels), 28));
  // Two bits out of every four, brought together: 8 × 2 bits.
  let low = v128.and(a, i32x4.splat(0x33333333));
  low = v128.and(v128.or(low, i32x4.shr_u(low, 2)), i32x4.splat(0x0f0f0f0f));
  low = v128.and(v128.or(low, i32x4.shr_u(low, 4)), i32x4.splat(0x00ff00ff));
  low = v128.and(v128.or(low, i32x4.shr_u(low, 8)), i32x4.splat(0x0000ffff));
  v128.store64_lane(to, i16x8.narrow_i32x4_u(low, low), 0);
  let high = v128.and(i32x4.shr_u(a, 2), i32x4.splat(0x11111111));
  high = v128.and(v128.or(high, i32x4.shr_u(high, 3)), i32x4.splat(0x03030303));
  high = v128.and(v128.or(high, i32x4.shr_u(high, 6)), i32x4.splat(0x000f000f));
  high = v128.and(v128.or(high, i32x4.shr_u(high, 12)), i32x4.splat(0x000000ff));
  const halves = i16x8.narrow_i32x4_u(high, high);
  v128.store32_lane(to, i8x16.narrow_i16x8_u(halves, halves), 0, 8);
}

/** Eight codes of four bits in each lane. */
@inline
function lanes4(p: usize, w: v128, m: usize, levels: v128): v128 {
  let a = code4(p, 0, w, m, levels);
  a = v128.or(a, i32x4.shl(code4(p, 1, w, m, levels), 4));
  a = v128.or(a, i32x4.shl(code4(p, 2, w, m, levels), 8));
  a = v128.or(a, i32x4.shl(code4(p, 3, w, m, levels), 12));
  a = v128.or(a, i32x4.shl(code4(p, 4, w, m, levels), 16));
  a = v128.or(a, i32x4.shl(code4(p, 5, w, m, levels), 20));
  a = v128.or(a, i32x4.shl(code4(p, 6, w, m, levels), 24));
  return v128.or(a, i32x4.shl(code4(p, 7, w, m, levels), 28));
}

@inline
function pack8(to: usize, p: usize, w: v128, m: usize, levels: v128): void {
  let a = code4(p, 0, w, m, levels);
  a = v128.or(a, i32x4.shl(code4(p, 1, w, m, levels), 8));
  a = v128.or(a, i32x4.shl(code4(p, 2, w, m, levels), 16));
  a = v128.or(a, i32x4.shl(code4(p, 3, w, m, levels), 24));
  v128.store(to, a);
  let b = code4(p, 4, w, m, levels);
  b = v128.or(b, i32x4.shl(code4(p, 5, w, m, levels), 8));
  b = v128.or(b, i32x4.shl(code4(p, 6, w, m, levels), 16));
  b = v128.or(b, i32x4.shl(code4(p, 7, w, m, levels), 24));
  v128.store(to, b, 16);
}
