import { kernel } from '../../kernel.js';

/** Features that a workgroup makes of a row, and threads that share the row's entries. */
export const FEATURES = 16;
export const SHARERS = 8;

/**
 * pointers: i32 [rows + 1], columns: i32 [entries], x: f32 [size, features], values: f32 [entries], or ones where `valued` is
 * 0 → y: f32 [rows, features]. A workgroup makes some features of a row.
 */
export const sparseMatmul = kernel({
  name: 'sparseMatmul',
  operands: { pointers: 'i32', columns: 'i32', x: 'f32', values: 'f32', y: 'f32' },
  uniforms: { tiles: 'u32', features: 'u32', size: 'u32', entries: 'u32', valued: 'u32' },
  threads: FEATURES * SHARERS,
  declarations: () => `var<workgroup> partials: array<f32, ${FEATURES * SHARERS}>;`,
  main: ({ pointers, columns, x, values, y }) => `
let row = group / uniforms.tiles;
let feature = (group % uniforms.tiles) * ${FEATURES}u + thread % ${FEATURES}u;
let most = i32(uniforms.entries);
let begin = u32(clamp(${pointers}[row], 0i, most));
let end = u32(clamp(${pointers}[row + 1u], 0i, most));
var sum = 0.0;
if (feature < uniforms.features) {
  for (var entry = begin + thread / ${FEATURES}u; entry < end; entry += ${SHARERS}u) {
    let column = u32(clamp(${columns}[entry], 0i, i32(uniforms.size) - 1i));
    let term = ${x}[column * uniforms.features + feature];
    if (uniforms.valued != 0u) { sum += ${values}[entry] * term; } else { sum += term; }
  }
}
partials[thread] = sum;
workgroupBarrier();
if (thread < ${FEATURES}u && feature < uniforms.features) {
  for (var other = 1u; other < ${SHARERS}u; other++) { sum += partials[other * ${FEATURES}u + thread]; }
  ${y}[row * uniforms.features + feature] = sum;
}`,
});
