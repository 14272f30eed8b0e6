import { elementKernel } from '../../kernel.js';
import { rowKernel } from '../../row-kernel.js';

/**
 * Of each row of a sequence, the sum over the sequence's rows of both products with it, a workgroup a row. x: f32
 * [rows, inputs], y: f32 [rows, outputs], starts: i32 [examples + 1] → products: f32 [rows].
 */
export const rowProducts = rowKernel({
  name: 'rowProducts',
  operands: { x: 'f32', y: 'f32', starts: 'i32', products: 'f32' },
  uniforms: { rows: 'u32', examples: 'u32', inputs: 'u32', outputs: 'u32' },
  main: ({ x, y, starts, products }) => `
var first = 0u;
var end = 0u;
for (var e = 0u; e < uniforms.examples && end <= row; e++) {
  first = u32(clamp(${starts}[e], 0i, i32(uniforms.rows)));
  end = u32(clamp(${starts}[e + 1u], 0i, i32(uniforms.rows)));
}
if (end <= row) { end = first; }
var sum = 0.0;
for (var other = first + lane; other < end; other += LANES) {
  var alongX = 0.0;
  for (var c = 0u; c < uniforms.inputs; c++) { alongX += ${x}[row * uniforms.inputs + c] * ${x}[other * uniforms.inputs + c]; }
  var alongY = 0.0;
  for (var c = 0u; c < uniforms.outputs; c++) { alongY += ${y}[row * uniforms.outputs + c] * ${y}[other * uniforms.outputs + c]; }
  sum += alongX * alongY;
}
let total = rowTotal(sum, lane, 0u);
if (lane == 0u) { ${products}[row] = total; }`,
});

/** x: f32 [rows], starts: i32 [count + 1] → sums: f32 [count], over the rows of each sequence. */
export const sequenceSums = elementKernel({
  name: 'sequenceSums',
  operands: { x: 'f32', starts: 'i32', sums: 'f32' },
  uniforms: { rows: 'u32' },
  main: ({ x, starts, sums }) => `
let end = min(u32(max(${starts}[i + 1u], 0i)), uniforms.rows);
var sum = 0.0;
for (var row = u32(max(${starts}[i], 0i)); row < end; row++) { sum += ${x}[row]; }
${sums}[i] = sum;`,
});
