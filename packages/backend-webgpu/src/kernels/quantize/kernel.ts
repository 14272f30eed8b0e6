import { kernel, THREADS } from '../../kernel.js';
import { CODES_UNIFORMS, codes } from '../../wgsl/codes.js';
import { PACKED, PACKING } from '../../wgsl/packing.js';
import { INVERSE_ROOT } from '../../wgsl/rotation.js';
import { HELD, ROUNDING_UNIFORMS, rounding } from '../../wgsl/rounding.js';
import { THREEFRY } from '../../wgsl/threefry.js';
import { WORDS } from '../../wgsl/words.js';
import { FINE } from '../checked/kernel.js';

const UNIFORMS = { rows: 'u32', ...CODES_UNIFORMS, ...ROUNDING_UNIFORMS } as const;

/**
 * x: f32 [rows, features], what it was before it was rotated, key, ranks, signs → codes: i32 [words], ranges: i32 [rows, groups]
 * and faults: u32 [rows, 2], the first value of a row whose group has no range. A workgroup makes a row.
 */
export const quantize = kernel({
  name: 'quantize',
  operands: {
    ...{ x: 'f32', original: 'f32', key: 'u32', ranks: 'i32', signs: 'u32' },
    ...{ packed: 'u32', ranges: 'u32', faults: 'u32' },
  },
  uniforms: UNIFORMS,
  threads: THREADS,
  declarations: ({ x, original, ranks, signs }) => `${THREEFRY}${WORDS}${PACKING}${INVERSE_ROOT}
${codes(ranks)}${rounding(x, original, signs)}
var<workgroup> waiting: array<u32, ${HELD + PACKED}>;
var<workgroup> squares: array<vec2u, ${THREADS}>;

// Whether values vary less where their dither is taken off, by the squares of how far they are from between two codes.
fn variesLess(sum: vec2u, count: u32, bits: u32) -> bool {
  let left = addWords(multiplyWide(sum.y, 24u), vec2u(sum.x * 24u, 0u));
  let factor = select(select(16u, 17u, bits == 2u), 14u, bits == 1u);
  let right = multiplyWide(factor * count, 1u << 30u);
  return left.x < right.x || (left.x == right.x && left.y < right.y);
}`,
  main: ({ key, packed, ranges, faults }) => `
let row = group;
let features = uniforms.features;
let size = uniforms.groupSize;
let rowGroups = (features + size - 1u) / size;
let own = codesOf(row, uniforms.rows);
let bits = own.x;
let levels = (1u << bits) - 1u;
let seed = vec2u(${key}[0], ${key}[1]);
var word = own.y;
var left = 0u;
var fault = vec2u(${FINE}u, 0u);
for (var g = 0u; g < rowGroups; g++) {
  let first = g * size;
  let last = min(first + size, features);
  let range = groupRange(thread, row, first, last, levels);
  if (thread == 0u && !range.fits && fault.x == ${FINE}u) { fault = faultOf(row, first, last); }
  var sum = vec2u();
  for (var begin = first; begin < last; begin += ${HELD}u) {
    let end = min(begin + ${HELD}u, last);
    if (size > ${HELD}u) { load(thread, row, begin, end); }
    for (var f = begin + thread; f < end; f += ${THREADS}u) {
      let at = positionOf(held[f - begin], range, levels);
      let off = i32(at & 0xffffu) - 32768;
      sum = addWords(sum, vec2u(0u, u32(off * off)));
      waiting[left + f - begin] = (at + randomAt(seed, row, f)) >> 16u;
    }
    workgroupBarrier();
    // Whole packs go; at the end of the row what is left of one, too.
    let count = left + end - begin;
    let packs = select(count, count + ${PACKED - 1}u, end == features) / ${PACKED}u;
    for (var pack = thread; pack < packs; pack += ${THREADS}u) {
      let width = lowerBits(bits);
      var words = array<u32, 8>();
      for (var e = 0u; e < min(${PACKED}u, count - pack * ${PACKED}u); e++) {
        let code = waiting[pack * ${PACKED}u + e];
        let bit = bitOf(e, width);
        words[bit >> 5u] |= (code & ((1u << width) - 1u)) << (bit & 31u);
        if (bits == 3u) { words[2] |= (code >> 2u) << bitOf(e, 1u); }
      }
      for (var at = 0u; at < bits; at++) { ${packed}[word + pack * bits + at] = words[at]; }
    }
    word += packs * bits;
    left = select(count - packs * ${PACKED}u, 0u, end == features);
    var rest = 0u;
    if (thread < left) { rest = waiting[packs * ${PACKED}u + thread]; }
    workgroupBarrier();
    if (thread < left) { waiting[thread] = rest; }
  }
  squares[thread] = sum;
  workgroupBarrier();
  if (thread == 0u) {
    for (var other = 1u; other < ${THREADS}u; other++) { sum = addWords(sum, squares[other]); }
    let sign = select(0u, 0x80000000u, variesLess(sum, last - first, bits));
    ${ranges}[row * rowGroups + g] = sign | bitcast<u32>(range.step) | (bitcast<u32>(range.minimum) >> 16u);
  }
}
if (thread == 0u) {
  ${faults}[2u * row] = fault.x;
  ${faults}[2u * row + 1u] = fault.y;
}`,
});

/** x, what it was before it was rotated, ranks, signs → errors: f32 [rows], and faults as above. A workgroup makes a row. */
export const roundingVariance = kernel({
  name: 'roundingVariance',
  operands: {
    ...{ x: 'f32', original: 'f32', ranks: 'i32', signs: 'u32', errors: 'f32', faults: 'u32' },
  },
  uniforms: { ...UNIFORMS, dither: 'u32' },
  threads: THREADS,
  declarations: ({ x, original, ranks, signs }) => `${THREEFRY}${INVERSE_ROOT}
${codes(ranks)}${rounding(x, original, signs)}
var<workgroup> sums: array<f32, ${THREADS}>;`,
  main: ({ errors, faults }) => `
let row = group;
let features = uniforms.features;
let size = uniforms.groupSize;
let bits = codesOf(row, uniforms.rows).x;
let levels = (1u << bits) - 1u;
let share = select(select(1.0, 0.875, bits == 2u), 1.25, bits == 1u);
var fault = vec2u(${FINE}u, 0u);
var total = 0.0;
for (var first = 0u; first < features; first += size) {
  let last = min(first + size, features);
  let range = groupRange(thread, row, first, last, levels);
  if (thread == 0u && !range.fits && fault.x == ${FINE}u) { fault = faultOf(row, first, last); }
  var sum = 0.0;
  for (var begin = first; begin < last; begin += ${HELD}u) {
    let end = min(begin + ${HELD}u, last);
    if (size > ${HELD}u) { load(thread, row, begin, end); }
    for (var f = begin + thread; f < end; f += ${THREADS}u) {
      let fraction = f32(positionOf(held[f - begin], range, levels) & 0xffffu) / 65536.0;
      sum += fraction * (1.0 - fraction);
    }
  }
  sums[thread] = sum;
  workgroupBarrier();
  if (thread == 0u) {
    for (var other = 1u; other < ${THREADS}u; other++) { sum += sums[other]; }
    let dithered = (1.0 - share) * sum + (share * share / 12.0) * f32(last - first);
    total += range.step * range.step * select(sum, min(sum, dithered), uniforms.dither != 0u);
  }
}
if (thread == 0u) {
  ${errors}[row] = total;
  ${faults}[2u * row] = fault.x;
  ${faults}[2u * row + 1u] = fault.y;
}`,
});
