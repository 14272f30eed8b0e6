import { THREADS } from '../kernel.js';

/** Features of a group that a workgroup holds at once. */
export const HELD = 1024;

/** What ROUNDING is told beside CODES. */
export const ROUNDING_UNIFORMS = { rotate: 'u32' } as const;

/**
 * Rounding a row's groups, by a workgroup of {@link THREADS}, as core has it (quantization/rounding.ts) to the bit:
 *
 * - `load(thread, row, first, last)`: features of a row, at most ${HELD}, into `held`, rotated where that is asked for
 * - `groupRange(thread, row, first, last, levels)`: a group's range, and whether it has one
 * - `positionOf(value, range, levels)`: where between the codes a value lies, in 2⁻¹⁶ of a step
 * - `faultOf(row, first, last)`: the first value of a group that is not finite, else the largest: its position and its bits
 */
export const rounding = (x: string, original: string, signs: string): string => `
var<workgroup> held: array<f32, ${HELD}>;
var<workgroup> lows: array<f32, ${THREADS}>;
var<workgroup> highs: array<f32, ${THREADS}>;

struct GroupRange { minimum: f32, step: f32, inverse: f32, fits: bool }

fn isFinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }

fn load(thread: u32, row: u32, first: u32, last: u32) {
  workgroupBarrier();
  for (var f = first + thread; f < last; f += ${THREADS}u) {
    let value = ${x}[row * uniforms.features + f];
    let negative = uniforms.rotate != 0u && ((${signs}[f / 32u] >> (f % 32u)) & 1u) == 1u;
    held[f - first] = select(value, -value, negative);
  }
  workgroupBarrier();
  if (uniforms.rotate == 0u) { return; }
  let count = last - first;
  var begin = 0u;
  // What is no power of two is cut into some.
  while (begin < count) {
    let size = 1u << (31u - countLeadingZeros(count - begin));
    for (var stride = size / 2u; stride > 0u; stride /= 2u) {
      for (var b = thread; b < size / 2u; b += ${THREADS}u) {
        let at = begin + (b / stride) * 2u * stride + b % stride;
        let left = held[at];
        let right = held[at + stride];
        held[at] = left + right;
        held[at + stride] = left - right;
      }
      workgroupBarrier();
    }
    let factor = inverseRoot(size);
    for (var at = begin + thread; at < begin + size; at += ${THREADS}u) { held[at] *= factor; }
    begin += size;
  }
  workgroupBarrier();
}

fn bfloatBelow(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if ((bits << 1u) == 0u) { return 0.0; }
  return bitcast<f32>((bits + select(0u, 0xffffu, x < 0.0)) & 0xffff0000u);
}

// What no compiler's division rounds as IEEE 754 has it: x / levels and 65536 / step, in whole numbers.
fn shareOf(x: f32, levels: u32) -> u32 {
  // Without the sign that a zero may have.
  let bits = bitcast<u32>(x) & 0x7fffffffu;
  // So little is less than the least step.
  if (bits < 0x08000000u) { return select(0x04000000u, 0u, bits == 0u); }
  let dividend = ((bits & 0x7fffffu) | 0x800000u) << 8u;
  let quotient = dividend / levels;
  let rest = dividend % levels;
  let drop = 8u - countLeadingZeros(quotient);
  var mantissa = quotient >> drop;
  let twice = select((quotient & ((1u << drop) - 1u)) << 1u, 0u, drop == 0u);
  let half = 1u << drop;
  let up = select(twice > half || (twice == half && (rest > 0u || (mantissa & 1u) == 1u)), 2u * rest > levels, drop == 0u);
  mantissa += select(0u, 1u, up);
  return (((bits >> 23u) - 8u + drop) << 23u) + mantissa - 0x800000u;
}

fn inverseOf(step: f32) -> f32 {
  let bits = bitcast<u32>(step);
  let divisor = ((bits >> 16u) & 0x7fu) | 0x80u;
  let mantissa = 0x80000000u / divisor + select(0u, 1u, 2u * (0x80000000u % divisor) > divisor);
  return bitcast<f32>(((269u - (bits >> 23u)) << 23u) + mantissa - 0x800000u);
}

fn groupRange(thread: u32, row: u32, first: u32, last: u32, levels: u32) -> GroupRange {
  var low = 3.4028234e38;
  var high = -3.4028234e38;
  for (var begin = first; begin < last; begin += ${HELD}u) {
    let end = min(begin + ${HELD}u, last);
    load(thread, row, begin, end);
    for (var f = begin + thread; f < end; f += ${THREADS}u) {
      let value = held[f - begin];
      low = min(low, value);
      high = max(high, value);
      // An impossible range tells of it.
      if (!isFinite(value)) {
        low = -3.4028234e38;
        high = 3.4028234e38;
        break;
      }
    }
  }
  lows[thread] = low;
  highs[thread] = high;
  workgroupBarrier();
  for (var other = 0u; other < ${THREADS}u; other++) {
    low = min(low, lows[other]);
    high = max(high, highs[other]);
  }
  let minimum = bfloatBelow(low);
  let exact = (shareOf(high - minimum, levels) + 0xffffu) & 0xffff0000u;
  let step = select(0.0, max(bitcast<f32>(exact), 7.888609052210118e-31), exact != 0u);
  let fits = exact < 0x7f800000u && isFinite(minimum - step) && isFinite(minimum + step * f32(levels + 1u));
  workgroupBarrier();
  return GroupRange(minimum, step, inverseOf(step), fits && isFinite(high - minimum) && isFinite(minimum));
}

fn positionOf(value: f32, range: GroupRange, levels: u32) -> u32 {
  if (range.step == 0.0) { return 0u; }
  return min(u32(round((value - range.minimum) * range.inverse)), levels << 16u);
}

fn faultOf(row: u32, first: u32, last: u32) -> vec2u {
  let begin = row * uniforms.features;
  var found = first;
  for (var f = first; f < last; f++) {
    let value = ${original}[begin + f];
    if (!isFinite(value)) {
      found = f;
      break;
    }
    if (abs(value) > abs(${original}[begin + found])) { found = f; }
  }
  return vec2u(begin + found, bitcast<u32>(${original}[begin + found]));
}
`;
