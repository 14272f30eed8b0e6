import { elementKernel } from '../../kernel.js';
import { USED_ROWS_UNIFORMS, usedRows } from '../../wgsl/used-rows.js';

/** What `small` is made with, so that variances that leave 32 bits have a root all the same. */
export const SCALING = 2 ** -64;

/**
 * The means of squares about the means, squares: f32 [count], and of those made with SCALING, small: f32 [count] →
 * inverses, 1/√(variance + epsilon), and variances, those of a population where the rows are drawn from one
 * (`corrected` is 1).
 */
export const deviations = elementKernel({
  name: 'deviations',
  operands: { squares: 'f32', small: 'f32', starts: 'i32', inverses: 'f32', variances: 'f32' },
  uniforms: { epsilon: 'f32', corrected: 'u32', ...USED_ROWS_UNIFORMS },
  declarations: ({ starts }) => usedRows(starts),
  main: ({ squares, small, inverses, variances }) => `
let rows = usedRows();
let variance = ${squares}[i];
let infinite = bitcast<u32>(variance) == 0x7f800000u;
${inverses}[i] = select(1.0 / sqrt(variance + uniforms.epsilon), ${SCALING} / sqrt(${small}[i]), infinite);
${variances}[i] = variance * (f32(rows) / f32(rows - uniforms.corrected));`,
});

/** x: f32 [rows, features] → y, which may lie over x: (x − mean) · inverse, 0 in rows that are nobody's. */
export const standardize = elementKernel({
  name: 'standardize',
  operands: { x: 'f32', means: 'f32', inverses: 'f32', starts: 'i32', y: 'f32' },
  uniforms: { features: 'u32', ...USED_ROWS_UNIFORMS },
  declarations: ({ starts }) => usedRows(starts),
  main: ({ x, means, inverses, y }) => `
let feature = i % uniforms.features;
let value = (${x}[i] - ${means}[feature]) * ${inverses}[feature];
${y}[i] = select(0.0, value, i / uniforms.features < usedRows());`,
});

/**
 * y, dy: f32 [rows, features], with the means of dy and of dy · y over the rows → dx, which may lie over y or dy: 0
 * in rows that are nobody's.
 */
export const batchNormalizeGradient = elementKernel({
  name: 'batchNormalizeGradient',
  operands: {
    y: 'f32',
    inverse: 'f32',
    dy: 'f32',
    means: 'f32',
    along: 'f32',
    starts: 'i32',
    dx: 'f32',
  },
  uniforms: { features: 'u32', ...USED_ROWS_UNIFORMS },
  declarations: ({ starts }) => usedRows(starts),
  main: ({ y, inverse, dy, means, along, dx }) => `
let feature = i % uniforms.features;
let rows = usedRows();
let value = ${inverse}[feature] * (${dy}[i] - ${means}[feature] - ${y}[i] * ${along}[feature]);
${dx}[i] = select(0.0, value, i / uniforms.features < rows);`,
});
