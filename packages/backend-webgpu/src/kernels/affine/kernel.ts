import { elementKernel } from '../../kernel.js';

/** x: f32 [rows, features], gain, bias: f32 [features] → y, x · gain + bias, which may lie over x. */
export const affine = elementKernel({
  name: 'affine',
  operands: { x: 'f32', gain: 'f32', bias: 'f32', y: 'f32' },
  uniforms: { features: 'u32' },
  main: ({ x, gain, bias, y }) => `
let feature = i % uniforms.features;
${y}[i] = ${x}[i] * ${gain}[feature] + ${bias}[feature];`,
});
