import { at, lanesBefore, load4, store4 } from '../memory/lanes';
import { rowsBegin, rowsEnd } from '../memory/share';
import { loadNibbles, storeNibbles } from '../quantization/nibbles';
import { gelu } from './gelu';

/** Elements whose codes are packed together. */
const PACKED: u32 = 32;

/** So many times 32 elements are worked on at once. */
const AT_ONCE: u32 = 64;

/** How many of the thresholds each lane reaches. */
@inline
function code4(x: v128, thresholds: usize, count: u32): v128 {
  let code = i32x4.splat(0);
  for (let k: u32 = 0; k < count; k++) {
    code = i32x4.sub(code, f32x4.ge(x, v128.load32_splat(at(thresholds, k))));
  }
  return code;
}

/**
 * y = x Φ(x), and in which interval each x lies. f32 [n], y may be x; a thread has a range of blocks
 * of 32 elements.
 *
 * @param thresholds f32 [2^bits − 1], rising
 * @param codes i32 [⌈n/32⌉ · bits]
 */
export function fewBitGelu(
  thread: i32,
  threads: i32,
  x: usize,
  thresholds: usize,
  y: usize,
  codes: usize,
  n: u32,
  bits: u32,
): void {
  const count: u32 = (1 << bits) - 1;
  const blocks = (n + PACKED - 1) / PACKED;
  const end = rowsEnd(blocks, thread, threads);
  let block = rowsBegin(blocks, thread, threads);
  while (block < end) {
    // Codes first, for GELU may write over x; then GELU of what is in the cache.
    const first = block * PACKED;
    const last = min(block + AT_ONCE, end);
    for (; block < last; block++) {
      const stop = min(block * PACKED + PACKED, n);
      let nibbles = i32x4.splat(0);
      let shift = 0;
      for (let i = block * PACKED; i < stop; i += 4) {
        const code = v128.and(code4(load4(x, i), thresholds, count), lanesBefore(i, stop));
        nibbles = v128.or(nibbles, i32x4.shl(code, shift));
        shift += 4;
      }
      storeNibbles(at(codes, block * bits), nibbles, bits);
    }
    gelu(0, 1, at(x, first), at(y, first), min(last * PACKED, n) - first);
  }
}

/** dx = dy · values[code]. f32 [n], dx may be dy; values f32 [2^bits]; codes as above. */
export function fewBitGeluGradient(
  thread: i32,
  threads: i32,
  dy: usize,
  codes: usize,
  values: usize,
  dx: usize,
  n: u32,
  bits: u32,
): void {
  // Values by four: a code's bytes are found by swizzling, which gives 0 for what is in other fours.
  const t0 = v128.load(values);
  const t1 = bits > 2 ? v128.load(values, 16) : t0;
  const t2 = bits > 3 ? v128.load(values, 32) : t0;
  const t3 = bits > 3 ? v128.load(values, 48) : t0;
  const mask = i32x4.splat(15);
  const bytes = i32x4.splat(0x03020100);
  const four = i8x16.splat(16);
  const blocks = (n + PACKED - 1) / PACKED;
  const end = rowsEnd(blocks, thread, threads);
  for (let block = rowsBegin(blocks, thread, threads); block < end; block++) {
    const stop = min(block * PACKED + PACKED, n);
    const nibbles = loadNibbles(at(codes, block * bits), bits);
    let shift = 0;
    for (let i = block * PACKED; i < stop; i += 4) {
      const code = i32x4.shl(v128.and(i32x4.shr_u(nibbles, shift), mask), 2);
      const twice = v128.or(code, i32x4.shl(code, 8));
      let at4 = v128.or(v128.or(twice, i32x4.shl(twice, 16)), bytes);
      let value = i8x16.swizzle(t0, at4);
      if (bits > 2) {
        at4 = i8x16.sub(at4, four);
        value = v128.or(value, i8x16.swizzle(t1, at4));
      }
      if (bits > 3) {
        at4 = i8x16.sub(at4, four);
        value = v128.or(value, i8x16.swizzle(t2, at4));
        at4 = i8x16.sub(at4, four);
        value = v128.or(value, i8x16.swizzle(t3, at4));
      }
      store4(dx, i, stop, f32x4.mul(load4(dy, i), value));
      shift += 4;
    }
  }
}
