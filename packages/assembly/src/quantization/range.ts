// The range of a group as core's rangeOf defines it, to the bit.
import { isFinite32 } from '../math/finite';
import { at } from '../memory/lanes';

const LEAST_STEP: f32 = 7.888609052210118e-31; // 2^-100

/** The word of a group whose values have no range: a NaN that no range has. */
export const NO_RANGE: i32 = -1;

@inline
function lanesMin(x: v128): f32 {
  const y = f32x4.pmin(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmin(y, v128.shuffle<f32>(y, y, 1, 0, 3, 2)), 0);
}

@inline
function lanesMax(x: v128): f32 {
  const y = f32x4.pmax(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(y, v128.shuffle<f32>(y, y, 1, 0, 3, 2)), 0);
}

/** The range of n ≥ 1 values as a word: the minimum in its lower half, the step in its upper. */
export function rangeOf(x: usize, n: u32, levels: f32): i32 {
  let low: f32 = f32.POSITIVE_INFINITY;
  let high: f32 = f32.NEGATIVE_INFINITY;
  let finite: bool = true;
  let i: u32 = 0;
  if (n >= 8) {
    let low0 = v128.load(x);
    let high0 = low0;
    let low1 = v128.load(x, 16);
    let high1 = low1;
    // As integers, magnitudes that are not finite are the largest.
    const magnitude = i32x4.splat(0x7fffffff);
    let largest = i32x4.splat(0);
    i = n & ~7;
    const end = at(x, i);
    for (let p = x; p < end; p += 32) {
      const a = v128.load(p);
      const b = v128.load(p, 16);
      low0 = f32x4.pmin(low0, a);
      low1 = f32x4.pmin(low1, b);
      high0 = f32x4.pmax(high0, a);
      high1 = f32x4.pmax(high1, b);
      const most = i32x4.max_u(v128.and(a, magnitude), v128.and(b, magnitude));
      largest = i32x4.max_u(largest, most);
    }
    low = lanesMin(f32x4.pmin(low0, low1));
    high = lanesMax(f32x4.pmax(high0, high1));
    finite = !v128.any_true(i32x4.ge_u(largest, i32x4.splat(0x7f800000)));
  }
  for (; i < n; i++) {
    const value = f32.load(at(x, i));
    if (!isFinite32(value)) finite = false;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!finite) return NO_RANGE;
  const minimum: f32 = low == 0 ? 0.0 : roundDown(low);
  let step = roundUp((high - minimum) / levels);
  step = step > 0 ? max(step, LEAST_STEP) : 0;
  if (!isFinite32(minimum - step) || !isFinite32(minimum + step * (levels + 1))) return NO_RANGE;
  return (reinterpret<i32>(step) & 0xffff0000) | i32(reinterpret<u32>(minimum) >>> 16);
}

/** The bfloat16 number next to x on the side of −∞, or x itself. */
@inline
function roundDown(x: f32): f32 {
  const bits = reinterpret<u32>(x);
  return reinterpret<f32>((x < 0 ? bits + 0xffff : bits) & 0xffff0000);
}

/** The bfloat16 number next to x ≥ 0 on the side of ∞, or x itself. */
@inline
function roundUp(x: f32): f32 {
  return reinterpret<f32>((reinterpret<u32>(x) + 0xffff) & 0xffff0000);
}

@inline
export function minimumOf(range: i32): f32 {
  return reinterpret<f32>(range << 16);
}

@inline
export function stepOf(range: i32): f32 {
  return reinterpret<f32>(range & 0x7fff0000);
}

/** The range of a group whose codes are read without their dither: where a step has its sign. */
@inline
export function ditheredRange(range: i32): i32 {
  return range | i32.MIN_VALUE;
}

@inline
export function isDithered(range: i32): bool {
  return range < 0;
}
