import { elementKernel } from '../../kernel.js';

/** table: f32 [rows, features], indices: i32 → y: f32 [count / features, features]. */
export const gather = elementKernel({
  name: 'gather',
  operands: { table: 'f32', indices: 'i32', y: 'f32' },
  uniforms: { rows: 'u32', features: 'u32' },
  main: ({ table, indices, y }) => `
let row = u32(clamp(${indices}[i / uniforms.features], 0i, i32(uniforms.rows) - 1i));
${y}[i] = ${table}[row * uniforms.features + i % uniforms.features];`,
});

/** No row comes behind. */
const NONE = 0xffff_ffff;

/**
 * Which rows go to the same row of a table: indices: i32 [count] → next: [count], the next one that does, and
 * first: [count], 1 where none before it does.
 */
export const chains = elementKernel({
  name: 'chains',
  operands: { indices: 'i32', next: 'u32', first: 'u32' },
  uniforms: {},
  main: ({ indices, next, first }) => `
let row = ${indices}[i];
var behind = i + 1u;
while (behind < uniforms.count && ${indices}[behind] != row) { behind++; }
${next}[i] = select(${NONE}u, behind, behind < uniforms.count);
var before = i;
while (before > 0u && ${indices}[before - 1u] != row) { before--; }
${first}[i] = select(0u, 1u, before == 0u);`,
});

/** x: f32 [n, features] → y: f32 [rows, features], which is 0 before: the sum of each chain of rows. */
export const sumChains = elementKernel({
  name: 'sumChains',
  operands: { x: 'f32', indices: 'i32', next: 'u32', first: 'u32', y: 'f32' },
  uniforms: { rows: 'u32', features: 'u32' },
  main: ({ x, indices, next, first, y }) => `
var row = i / uniforms.features;
let feature = i % uniforms.features;
if (${first}[row] == 0u) { return; }
let goal = u32(clamp(${indices}[row], 0i, i32(uniforms.rows) - 1i));
var sum = 0.0;
while (row != ${NONE}u) {
  sum += ${x}[row * uniforms.features + feature];
  row = ${next}[row];
}
${y}[goal * uniforms.features + feature] = sum;`,
});
