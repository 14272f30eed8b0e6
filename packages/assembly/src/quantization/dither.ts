// Subtractive dither, as core's quantization/dither defines it, to the bit.
import { at, load4 } from '../memory/lanes';

/** Σ (f − 2^15)² of eight positions, f being their lower 16 bits, in two lanes of 64 bits. */
@inline
function squares8(a: v128, b: v128): v128 {
  const mask = i32x4.splat(0xffff);
  const fractions = i16x8.narrow_i32x4_u(v128.and(a, mask), v128.and(b, mask));
  const centred = v128.xor(fractions, i16x8.splat(i16.MIN_VALUE));
  // Two squares of −2^15 make 2^31: an unsigned number.
  const pairs = i32x4.dot_i16x8_s(centred, centred);
  return i64x2.add(i64x2.extend_low_i32x4_u(pairs), i64x2.extend_high_i32x4_u(pairs));
}

/** 8 λ: which share of its dither is taken off a code. */
@inline
export function eighths(bits: u32): u32 {
  return bits == 1 ? 10 : bits == 2 ? 7 : 8;
}

/** The mean of what is taken off, in steps. */
@inline
export function meanTaken(bits: u32): f32 {
  return bits == 1 ? 40959.0 / 65536 : bits == 2 ? 28672.0 / 65536 : 32767.5 / 65536;
}

/** Whether the values at these positions vary less where their dither is taken off. */
export function variesLessDithered(positions: usize, n: u32, bits: u32): bool {
  let sums = i64x2.splat(0);
  let i: u32 = 0;
  for (; i + 8 <= n; i += 8) {
    sums = i64x2.add(sums, squares8(load4(positions, i), load4(positions, i + 4)));
  }
  let squares = i64x2.extract_lane(sums, 0) + i64x2.extract_lane(sums, 1);
  for (; i < n; i++) {
    const centred = i64(load<u32>(at(positions, i)) & 0xffff) - 32768;
    squares += centred * centred;
  }
  return 24 * squares < (i64(n) * (24 - eighths(bits))) << 30;
}
