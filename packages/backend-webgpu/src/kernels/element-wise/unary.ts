import { elementKernel } from '../../kernel.js';
import { EXPONENTIAL } from '../../wgsl/exponential.js';
import { GELU } from '../../wgsl/gelu.js';
import { LOGARITHM } from '../../wgsl/logarithm.js';
import { NUMBERS } from '../../wgsl/numbers.js';
import { TANH } from '../../wgsl/tanh.js';

/** What is done with each element, in WGSL. */
const FUNCTIONS = {
  exponential: 'exponential(x)',
  logarithm: 'logarithm(x)',
  squareRoot: 'sqrt(x)',
  tanh: 'hyperbolicTangent(x)',
  gelu: 'gelu(x)',
} as const;

export type UnaryFunction = keyof typeof FUNCTIONS;

/** Functions by what the kernel calls them. */
export const UNARY = Object.fromEntries(
  Object.keys(FUNCTIONS).map((name, at) => [name, at]),
) as Readonly<Record<UnaryFunction, number>>;

const cases = Object.values(FUNCTIONS).map((code, at) => `case ${at}: { return ${code}; }`);

/** x: f32 [count] → y: f32 [count], which may lie over x. */
export const unary = elementKernel({
  name: 'unary',
  operands: { x: 'f32', y: 'f32' },
  uniforms: { which: 'u32' },
  declarations: () => `${NUMBERS}${EXPONENTIAL}${LOGARITHM}${TANH}${GELU}
fn result(x: f32) -> f32 {
  switch uniforms.which {
    ${cases.join('\n    ')}
    default: { return x; }
  }
}`,
  main: ({ x, y }) => `${y}[i] = result(${x}[i]);`,
});

/** x: f32 [4 count] → y, x · factor, which may lie over x; or factor everywhere where `filled` is 1. */
export const scaled = elementKernel({
  name: 'scaled',
  operands: { x: 'vec4f', y: 'vec4f' },
  uniforms: { filled: 'u32', factor: 'f32' },
  main: ({ x, y }) => `
var value = vec4f(1.0);
if (uniforms.filled == 0u) { value = ${x}[i]; }
${y}[i] = value * uniforms.factor;`,
});
