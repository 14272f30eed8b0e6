import { elementKernel } from '../../kernel.js';
import { rowKernel } from '../../row-kernel.js';
import { USED_ROWS_UNIFORMS, usedRows } from '../../wgsl/used-rows.js';
import { TERM } from './terms.js';

/**
 * Sums over the last axis, a row for each `chunk` of it: a (and b): f32 [outer, size] → y: f32 [outer, parts],
 * where a part is the sum of a chunk.
 */
export const reduceRows = rowKernel({
  name: 'reduceRows',
  operands: { a: 'f32', b: 'f32', y: 'f32' },
  uniforms: { terms: 'u32', size: 'u32', chunk: 'u32', parts: 'u32' },
  main: ({ a, b, y }) => `
let part = row % uniforms.parts;
let begin = row / uniforms.parts * uniforms.size;
let end = begin + min((part + 1u) * uniforms.chunk, uniforms.size);
var sum = 0.0;
for (var at = begin + part * uniforms.chunk + lane; at < end; at += LANES) {
  let value = ${a}[at];
  switch uniforms.terms {
    case ${TERM.squares}: { sum += value * value; }
    case ${TERM.products}: { sum += value * ${b}[at]; }
    default: { sum += value; }
  }
}
let total = rowTotal(sum, lane, 0u);
if (lane == 0u) { ${y}[row] = total; }`,
});

/**
 * Sums over an axis that others follow, a lane for each `chunk` of it and each element of those: a (and b): f32
 * [outer, size, inner] → y: f32 [outer, parts, inner]. Of each axis only what stands before the end of `starts`
 * counts. Where `centred` is 1, center: f32 [inner] is taken off a first; what is left is multiplied by `scaling`.
 * Where `averaged` is 1, each term is divided by how many count before it is added, as sums may leave 32 bits
 * where means do not.
 */
export const reduceColumns = elementKernel({
  name: 'reduceColumns',
  operands: { a: 'f32', b: 'f32', center: 'f32', starts: 'i32', y: 'f32' },
  uniforms: {
    ...{ terms: 'u32', inner: 'u32', chunk: 'u32', parts: 'u32', centred: 'u32' },
    ...{ averaged: 'u32', scaling: 'f32' },
    ...USED_ROWS_UNIFORMS,
  },
  declarations: ({ starts }) => usedRows(starts),
  main: ({ a, b, center, y }) => `
let inner = i % uniforms.inner;
let part = (i / uniforms.inner) % uniforms.parts;
let outer = i / (uniforms.inner * uniforms.parts);
let begin = outer * uniforms.rows * uniforms.inner + inner;
let rows = usedRows();
let end = min((part + 1u) * uniforms.chunk, rows);
var before = 0.0;
if (uniforms.centred != 0u) { before = ${center}[inner]; }
var share = 1.0;
if (uniforms.averaged != 0u) { share = 1.0 / f32(rows); }
var sum = 0.0;
for (var row = part * uniforms.chunk; row < end; row++) {
  let at = begin + row * uniforms.inner;
  let value = (${a}[at] - before) * uniforms.scaling;
  switch uniforms.terms {
    case ${TERM.squares}: { sum += (value * share) * value; }
    case ${TERM.products}: { sum += (value * share) * ${b}[at]; }
    default: { sum += value * share; }
  }
}
${y}[i] = sum;`,
});
