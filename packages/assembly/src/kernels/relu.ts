// ReLU keeps a bit an element: bit e mod 32 of word ⌊e/32⌋ says whether element e is greater than 0.
import { at, lanesBefore, load4, store4 } from '../memory/lanes';
import { shareBegin, shareEnd } from '../memory/share';

/** The bits of four lanes. */
const LANE_BITS = memory.data<i32>([1, 2, 4, 8], 16);

@inline
function wordsOf(n: u32): u32 {
  return (n + 31) >> 5;
}

/** y = max(x, 0), f32 [n], y may be x; bits: i32 [⌈n/32⌉]. NaN stays, with a bit of 0. */
export function relu(thread: i32, threads: i32, x: usize, y: usize, bits: usize, n: u32): void {
  const zero = f32x4.splat(0);
  const end = shareEnd(wordsOf(n), thread, threads);
  for (let word = shareBegin(wordsOf(n), thread, threads); word < end; word++) {
    const first = word << 5;
    let passing: u32 = 0;
    if (first + 32 <= n) {
      for (let k: u32 = 0; k < 32; k += 4) {
        const value = load4(x, first + k);
        passing |= u32(i32x4.bitmask(f32x4.gt(value, zero))) << k;
        v128.store(at(y, first + k), f32x4.pmax(value, zero));
      }
    } else {
      for (let k: u32 = 0; first + k < n; k += 4) {
        const value = load4(x, first + k);
        const positive = v128.and(f32x4.gt(value, zero), lanesBefore(first + k, n));
        passing |= u32(i32x4.bitmask(positive)) << k;
        store4(y, first + k, n, f32x4.pmax(value, zero));
      }
    }
    store<u32>(at(bits, word), passing);
  }
}

/** dx = dy where the bit is set, else 0. f32 [n], dx may be dy; bits: i32 [⌈n/32⌉]. */
export function reluGradient(
  thread: i32,
  threads: i32,
  bits: usize,
  dy: usize,
  dx: usize,
  n: u32,
): void {
  const lanes = v128.load(LANE_BITS);
  const end = shareEnd(wordsOf(n), thread, threads);
  for (let word = shareBegin(wordsOf(n), thread, threads); word < end; word++) {
    const first = word << 5;
    let passing = v128.load32_splat(at(bits, word));
    if (first + 32 <= n) {
      for (let k: u32 = 0; k < 32; k += 4) {
        const mask = i32x4.eq(v128.and(passing, lanes), lanes);
        v128.store(at(dx, first + k), v128.and(load4(dy, first + k), mask));
        passing = i32x4.shr_u(passing, 4);
      }
    } else {
      for (let k: u32 = 0; first + k < n; k += 4) {
        const mask = i32x4.eq(v128.and(passing, lanes), lanes);
        store4(dx, first + k, n, v128.and(load4(dy, first + k), mask));
        passing = i32x4.shr_u(passing, 4);
      }
    }
  }
}
