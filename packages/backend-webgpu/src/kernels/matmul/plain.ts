import { elementKernel } from '../../kernel.js';
import { PRODUCT_OPERANDS, PRODUCT_UNIFORMS } from './sizes.js';

/**
 * a: [batch, m, k], b: [batch, k, n], each by its strides → y: [batch, m, n], + bias [n] where `biased` is 1.
 * One thread an element: the oracle of the faster ones.
 */
export const plainMatmul = elementKernel({
  name: 'plainMatmul',
  operands: PRODUCT_OPERANDS,
  uniforms: PRODUCT_UNIFORMS,
  main: ({ a, b, bias, y }) => `
let column = i % uniforms.n;
let row = (i / uniforms.n) % uniforms.m;
let batch = i / (uniforms.n * uniforms.m);
var atA = batch * uniforms.aBatch + row * uniforms.aRow;
var atB = batch * uniforms.bBatch + column * uniforms.bColumn;
var sum = 0.0;
for (var at = 0u; at < uniforms.k; at++) {
  sum += ${a}[atA] * ${b}[atB];
  atA += uniforms.aInner;
  atB += uniforms.bInner;
}
if (uniforms.biased != 0u) { sum += ${bias}[column]; }
${y}[i] = sum;`,
});
