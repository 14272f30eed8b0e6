import { rowKernel } from '../../row-kernel.js';

/** Rows of larger numbers are made smaller first, so that no sum and no square of them leaves 32 bits. */
const LARGE = 2 ** 40;
const SCALING = 2 ** -80;

/** `scaling`, by the largest number of a row in an array. */
const scaledBy = (x: string): string =>
  `
var most = 0.0;
for (var at = begin + lane; at < end; at += LANES) { most = max(most, abs(${x}[at])); }
let scaling = select(1.0, ${SCALING}, rowLargest(most, lane, 0u) > ${LARGE});
`.trim();

/** Rows to mean 0 and variance 1. x: f32 [rows, features] → y, which may lie over x, inverse: f32 [rows]. */
export const normalize = rowKernel({
  name: 'normalize',
  operands: { x: 'f32', y: 'f32', inverse: 'f32' },
  uniforms: { features: 'u32', epsilon: 'f32' },
  main: ({ x, y, inverse }) => `
let begin = row * uniforms.features;
let end = begin + uniforms.features;
let count = f32(uniforms.features);
${scaledBy(x)}
var sum = 0.0;
for (var at = begin + lane; at < end; at += LANES) { sum += ${x}[at] * scaling; }
let mean = rowTotal(sum, lane, 1u) / count;
var squares = 0.0;
for (var at = begin + lane; at < end; at += LANES) {
  let off = ${x}[at] * scaling - mean;
  squares += off * off;
}
let variance = rowTotal(squares, lane, 2u) / count;
// Of large numbers it is epsilon that is nothing, but where they are all the same.
let small = 1.0 / sqrt(variance + select(0.0, uniforms.epsilon, scaling == 1.0));
let factor = select(small, 1.0 / sqrt(uniforms.epsilon) / ${SCALING}, variance == 0.0 && scaling != 1.0);
for (var at = begin + lane; at < end; at += LANES) { ${y}[at] = (${x}[at] * scaling - mean) * factor; }
if (lane == 0u) { ${inverse}[row] = factor * scaling; }`,
});

/** y, dy: f32 [rows, features], inverse: f32 [rows] → dx, which may lie over y or dy. */
export const normalizeGradient = rowKernel({
  name: 'normalizeGradient',
  operands: { y: 'f32', inverse: 'f32', dy: 'f32', dx: 'f32' },
  uniforms: { features: 'u32' },
  main: ({ y, inverse, dy, dx }) => `
let begin = row * uniforms.features;
let end = begin + uniforms.features;
let count = f32(uniforms.features);
${scaledBy(dy)}
var sum = 0.0;
var along = 0.0;
for (var at = begin + lane; at < end; at += LANES) {
  let here = ${dy}[at] * scaling;
  sum += here;
  along += here * ${y}[at];
}
let mean = rowTotal(sum, lane, 1u) / count;
let projection = rowTotal(along, lane, 2u) / count;
let factor = ${inverse}[row];
for (var at = begin + lane; at < end; at += LANES) {
  ${dx}[at] = factor * (${dy}[at] * scaling - mean - ${y}[at] * projection) / scaling;
}`,
});
