// The range of a group as core's rangeOf defines it, to the bit.
import { at, load4 } from '../memory/lanes';

const LEAST_STEP: f32 = 7.888609052210118e-31; // 2^-100

/** The word of a group whose values have no range: a NaN that no range has. */
export const NO_RANGE: i32 = -1;

@inline
function isFinite32(x: f32): bool {
  return x - x == 0;
}

@inline
function lanesMin(x: v128): f32 {
  const y = f32x4.pmin(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return min(f32x4.extract_lane(y, 0), f32x4.extract_lane(y, 1));
}

@inline
function lanesMax(x: v128): f32 {
  const y = f32x4.pmax(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return max(f32x4.extract_lane(y, 0), f32x4.extract_lane(y, 1));
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
    // x − x is 0 for a finite number and NaN for others, which stays in the sum.
    let odd = f32x4.splat(0);
    for (; i + 8 <= n; i += 8) {
      const a = load4(x, i);
      const b = load4(x, i + 4);
      low0 = f32x4.pmin(low0, a);
      low1 = f32x4.pmin(low1, b);
      high0 = f32x4.pmax(high0, a);
      high1 = f32x4.pmax(high1, b);
      odd = f32x4.add(odd, f32x4.add(f32x4.sub(a, a), f32x4.sub(b, b)));
    }
    low = lanesMin(f32x4.pmin(low0, low1));
    high = lanesMax(f32x4.pmax(high0, high1));
    finite = !v128.any_true(f32x4.ne(odd, odd));
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
  if (step > 0) step = max(step, LEAST_STEP);
  if (!isFinite32(minimum) || !isFinite32(minimum + step * levels)) return NO_RANGE;
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
  return reinterpret<f32>(range & 0xffff0000);
}
