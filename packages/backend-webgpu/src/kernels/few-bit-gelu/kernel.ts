import { elementKernel } from '../../kernel.js';
import { GELU } from '../../wgsl/gelu.js';
import { PACKED, PACKING, unpacking } from '../../wgsl/packing.js';

/**
 * x: f32 [elements], thresholds: f32 [2^bits − 1] → y: f32 [elements], GELU, which may lie over x, and codes, the
 * number of thresholds that x is not below. A thread makes ${PACKED} of them.
 */
export const fewBitGelu = elementKernel({
  name: 'fewBitGelu',
  operands: { x: 'f32', thresholds: 'f32', y: 'f32', codes: 'u32' },
  uniforms: { elements: 'u32', bits: 'u32' },
  declarations: () => `${GELU}${PACKING}`,
  main: ({ x, thresholds, y, codes }) => `
let begin = ${PACKED}u * i;
let end = min(begin + ${PACKED}u, uniforms.elements);
let width = lowerBits(uniforms.bits);
var words = vec4u();
for (var at = begin; at < end; at++) {
  let value = ${x}[at];
  var code = 0u;
  for (var step = 0u; step < (1u << uniforms.bits) - 1u; step++) {
    code += select(0u, 1u, value >= ${thresholds}[step]);
  }
  let e = at - begin;
  let bit = bitOf(e, width);
  words[bit >> 5u] |= (code & ((1u << width) - 1u)) << (bit & 31u);
  if (uniforms.bits == 3u) { words[2] |= (code >> 2u) << bitOf(e, 1u); }
  ${y}[at] = gelu(value);
}
for (var word = 0u; word < uniforms.bits; word++) { ${codes}[i * uniforms.bits + word] = words[word]; }`,
});

/** dy: f32 [count], codes, values: f32 [2^bits] → dx: f32 [count], dy · values[code], which may lie over dy. */
export const fewBitGeluGradient = elementKernel({
  name: 'fewBitGeluGradient',
  operands: { dy: 'f32', codes: 'u32', values: 'f32', dx: 'f32' },
  uniforms: { bits: 'u32' },
  declarations: ({ codes }) => `${PACKING}${unpacking(codes)}`,
  main: ({ dy, values, dx }) => `
let code = codeAt(i / ${PACKED}u * uniforms.bits, i % ${PACKED}u, uniforms.bits);
${dx}[i] = ${dy}[i] * ${values}[code];`,
});
