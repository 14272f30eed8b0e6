import { elementKernel } from '../../kernel.js';

/** Elements of a word of bits. */
const WORD_ELEMENTS = 32;

/**
 * x: f32 [elements] → y: f32 [elements], max(x, 0), which may lie over x, and bits: i32 [count], of which bit
 * e % 32 of word e / 32 says whether element e is greater than 0. A thread makes a word.
 */
export const relu = elementKernel({
  name: 'relu',
  operands: { x: 'f32', y: 'f32', bits: 'u32' },
  uniforms: { elements: 'u32' },
  main: ({ x, y, bits }) => `
let begin = ${WORD_ELEMENTS}u * i;
let end = min(begin + ${WORD_ELEMENTS}u, uniforms.elements);
var word = 0u;
for (var e = begin; e < end; e++) {
  let value = ${x}[e];
  if (value > 0.0) { word |= 1u << (e - begin); }
  // NaN stays.
  ${y}[e] = select(value, 0.0, value <= 0.0);
}
${bits}[i] = word;`,
});

/** bits: i32 [words], dy: f32 [count] → dx: f32 [count], dy where the bit is 1, which may lie over dy. */
export const reluGradient = elementKernel({
  name: 'reluGradient',
  operands: { bits: 'u32', dy: 'f32', dx: 'f32' },
  uniforms: {},
  main: ({ bits, dy, dx }) => `
let passes = (${bits}[i / ${WORD_ELEMENTS}u] >> (i % ${WORD_ELEMENTS}u)) & 1u;
${dx}[i] = select(0.0, ${dy}[i], passes == 1u);`,
});
