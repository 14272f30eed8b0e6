import { elementKernel } from '../../kernel.js';
import { NUMBERS } from '../../wgsl/numbers.js';

/**
 * AdamW in place, four at a time: parameter, first, second, gradient: f32 [4 count], settings: f32 [8] in the order of core's
 * ADAMW_SETTINGS, factor: f32 [1] where `clipped` is 1.
 */
export const adamw = elementKernel({
  name: 'adamw',
  operands: {
    parameter: 'vec4f',
    gradient: 'vec4f',
    first: 'vec4f',
    second: 'vec4f',
    settings: 'f32',
    factor: 'f32',
  },
  uniforms: { decay: 'u32', clipped: 'u32' },
  main: ({ parameter, gradient, first, second, settings, factor }) => `
var scale = ${settings}[7];
if (uniforms.clipped != 0u) { scale *= ${factor}[0]; }
let g = ${gradient}[i] * scale;
let beta1 = ${settings}[1];
let beta2 = ${settings}[2];
let m = beta1 * ${first}[i] + (1.0 - beta1) * g;
let v = beta2 * ${second}[i] + (1.0 - beta2) * g * g;
var step = m / ${settings}[5] / (sqrt(v / ${settings}[6]) + ${settings}[3]);
let p = ${parameter}[i];
if (uniforms.decay != 0u) { step += ${settings}[4] * p; }
${parameter}[i] = p - ${settings}[0] * step;
${first}[i] = m;
${second}[i] = v;`,
});

/** average: f32 [count] = (1 − momentum) average + momentum · factor · x, in place. */
export const moveAverage = elementKernel({
  name: 'moveAverage',
  operands: { average: 'f32', x: 'f32' },
  uniforms: { kept: 'f32', added: 'f32' },
  main: ({ average, x }) =>
    `${average}[i] = uniforms.kept * ${average}[i] + uniforms.added * ${x}[i];`,
});

/** squared: f32 [1], settings: f32 [8] → factor: f32 [1]: NaN of a norm that is not finite. */
export const clipFactor = elementKernel({
  name: 'clipFactor',
  operands: { squared: 'f32', settings: 'f32', factor: 'f32' },
  uniforms: { limit: 'f32' },
  declarations: () => NUMBERS,
  main: ({ squared, settings, factor }) => `
let total = ${squared}[0];
let finite = (bitcast<u32>(total) & 0x7f800000u) != 0x7f800000u;
let norm = sqrt(total) * ${settings}[7];
let value = min(1.0, uniforms.limit / (norm + 1e-6));
${factor}[0] = select(notANumber(), value, finite);`,
});
