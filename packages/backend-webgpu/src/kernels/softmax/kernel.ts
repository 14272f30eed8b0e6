import { kernel } from '../../kernel.js';
import { EXPONENTIAL } from '../../wgsl/exponential.js';
import { NUMBERS } from '../../wgsl/numbers.js';
import { ROW_THREADS, ROWS } from '../../wgsl/rows.js';

/** x: f32 [groups, size] → y, which may lie over x: softmax of each row. */
export const softmax = kernel({
  name: 'softmax',
  operands: { x: 'f32', y: 'f32' },
  uniforms: { size: 'u32' },
  threads: ROW_THREADS,
  declarations: () => `${NUMBERS}${EXPONENTIAL}${ROWS}`,
  main: ({ x, y }) => `
let begin = group * uniforms.size;
let end = begin + uniforms.size;
var most = -infinity();
for (var at = begin + thread; at < end; at += ${ROW_THREADS}u) { most = max(most, ${x}[at]); }
let largest = rowLargest(most, thread, 0u);
var sum = 0.0;
for (var at = begin + thread; at < end; at += ${ROW_THREADS}u) { sum += exponential(${x}[at] - largest); }
let total = rowTotal(sum, thread, 1u);
for (var at = begin + thread; at < end; at += ${ROW_THREADS}u) { ${y}[at] = exponential(${x}[at] - largest) / total; }`,
});
