import { rowKernel } from '../../row-kernel.js';
import { EXPONENTIAL } from '../../wgsl/exponential.js';
import { NUMBERS } from '../../wgsl/numbers.js';

/** x: f32 [rows, size] → y, which may lie over x: softmax of each row. */
export const softmax = rowKernel({
  name: 'softmax',
  operands: { x: 'f32', y: 'f32' },
  uniforms: { size: 'u32' },
  declarations: () => `${NUMBERS}${EXPONENTIAL}`,
  main: ({ x, y }) => `
let begin = row * uniforms.size;
let end = begin + uniforms.size;
var most = -infinity();
for (var at = begin + lane; at < end; at += LANES) { most = max(most, ${x}[at]); }
let largest = rowLargest(most, lane, 0u);
var sum = 0.0;
for (var at = begin + lane; at < end; at += LANES) { sum += exponential(${x}[at] - largest); }
let total = rowTotal(sum, lane, 1u);
for (var at = begin + lane; at < end; at += LANES) { ${y}[at] = exponential(${x}[at] - largest) / total; }`,
});
