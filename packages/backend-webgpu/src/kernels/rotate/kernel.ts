import { kernel, THREADS } from '../../kernel.js';
import { INVERSE_ROOT } from '../../wgsl/rotation.js';

/**
 * Groups of features under signs and a Walsh–Hadamard transform, or back where `inverse` is 1. x: f32 [rows, features], signs: a
 * bit a feature → y, which may lie over x. A workgroup turns a group, where it is to be.
 */
export const rotate = kernel({
  name: 'rotate',
  operands: { x: 'f32', signs: 'u32', y: 'f32' },
  uniforms: { features: 'u32', groupSize: 'u32', rowGroups: 'u32', inverse: 'u32' },
  threads: THREADS,
  declarations: ({ signs }) => `${INVERSE_ROOT}
fn signed(value: f32, f: u32, flips: bool) -> f32 {
  return select(value, -value, flips && ((${signs}[f / 32u] >> (f % 32u)) & 1u) == 1u);
}`,
  main: ({ x, y }) => `
let row = group / uniforms.rowGroups * uniforms.features;
let first = group % uniforms.rowGroups * uniforms.groupSize;
let last = min(first + uniforms.groupSize, uniforms.features);
let back = uniforms.inverse != 0u;
for (var f = first + thread; f < last; f += ${THREADS}u) { ${y}[row + f] = signed(${x}[row + f], f, !back); }
storageBarrier();
var begin = first;
// What is no power of two is cut into some.
while (begin < last) {
  let size = 1u << (31u - countLeadingZeros(last - begin));
  for (var stride = size / 2u; stride > 0u; stride /= 2u) {
    for (var b = thread; b < size / 2u; b += ${THREADS}u) {
      let at = row + begin + (b / stride) * 2u * stride + b % stride;
      let left = ${y}[at];
      let right = ${y}[at + stride];
      ${y}[at] = left + right;
      ${y}[at + stride] = left - right;
    }
    storageBarrier();
  }
  let factor = inverseRoot(size);
  for (var f = begin + thread; f < begin + size; f += ${THREADS}u) {
    ${y}[row + f] = signed(${y}[row + f] * factor, f, back);
  }
  begin += size;
}`,
});
