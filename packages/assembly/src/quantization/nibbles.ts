// Codes of up to four bits, eight to a lane of four bits each, and packed as core's packCodes does.

/** Stores 32 codes in 32 · bits bits; in lane l, bits 4 t … 4 t + 3, is code 4 t + l. */
@inline
export function storeNibbles(to: usize, codes: v128, bits: u32): void {
  if (bits == 4) {
    v128.store(to, codes);
    return;
  }
  if (bits == 1) {
    storeTops(to, codes);
    return;
  }
  // Two bits out of every four, brought together: 8 × 2 bits.
  let low = v128.and(codes, i32x4.splat(0x33333333));
  low = v128.and(v128.or(low, i32x4.shr_u(low, 2)), i32x4.splat(0x0f0f0f0f));
  low = v128.and(v128.or(low, i32x4.shr_u(low, 4)), i32x4.splat(0x00ff00ff));
  low = v128.and(v128.or(low, i32x4.shr_u(low, 8)), i32x4.splat(0x0000ffff));
  v128.store64_lane(to, i16x8.narrow_i32x4_u(low, low), 0);
  if (bits == 3) storeTops(to + 8, i32x4.shr_u(codes, 2));
}

/** Stores the lowest bit of every four: 32 bits. */
@inline
function storeTops(to: usize, codes: v128): void {
  let bit = v128.and(codes, i32x4.splat(0x11111111));
  bit = v128.and(v128.or(bit, i32x4.shr_u(bit, 3)), i32x4.splat(0x03030303));
  bit = v128.and(v128.or(bit, i32x4.shr_u(bit, 6)), i32x4.splat(0x000f000f));
  bit = v128.and(v128.or(bit, i32x4.shr_u(bit, 12)), i32x4.splat(0x000000ff));
  const halves = i16x8.narrow_i32x4_u(bit, bit);
  v128.store32_lane(to, i8x16.narrow_i16x8_u(halves, halves), 0);
}

/** The inverse of {@link storeNibbles}. */
@inline
export function loadNibbles(from: usize, bits: u32): v128 {
  if (bits == 4) return v128.load(from);
  if (bits == 1) return loadTops(from);
  let low = v128.load16x4_u(from);
  low = v128.and(v128.or(low, i32x4.shl(low, 8)), i32x4.splat(0x00ff00ff));
  low = v128.and(v128.or(low, i32x4.shl(low, 4)), i32x4.splat(0x0f0f0f0f));
  low = v128.and(v128.or(low, i32x4.shl(low, 2)), i32x4.splat(0x33333333));
  return bits == 2 ? low : v128.or(low, i32x4.shl(loadTops(from + 8), 2));
}

@inline
function loadTops(from: usize): v128 {
  let bit = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(from)));
  bit = v128.and(v128.or(bit, i32x4.shl(bit, 12)), i32x4.splat(0x000f000f));
  bit = v128.and(v128.or(bit, i32x4.shl(bit, 6)), i32x4.splat(0x03030303));
  return v128.and(v128.or(bit, i32x4.shl(bit, 3)), i32x4.splat(0x11111111));
}
