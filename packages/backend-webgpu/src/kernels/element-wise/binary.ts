import { elementKernel } from '../../kernel.js';
import { GELU } from '../../wgsl/gelu.js';
import { STRIDED, STRIDED_UNIFORMS } from '../../wgsl/strided.js';

/** What is done with each pair of elements, in WGSL. */
const FUNCTIONS = {
  add: 'a + b',
  subtract: 'a - b',
  multiply: 'a * b',
  divide: 'a / b',
  geluGradient: 'b * geluDerivative(a)',
} as const;

export type BinaryFunction = keyof typeof FUNCTIONS;

/** Functions by what the kernel calls them. */
export const BINARY = Object.fromEntries(
  Object.keys(FUNCTIONS).map((name, at) => [name, at]),
) as Readonly<Record<BinaryFunction, number>>;

/** Those that four elements take at a time as one does. */
const ARITHMETIC: readonly BinaryFunction[] = ['add', 'subtract', 'multiply', 'divide'];

export const isArithmetic = (which: BinaryFunction): boolean => ARITHMETIC.includes(which);

const cases = Object.values(FUNCTIONS).map((code, at) => `case ${at}: { return ${code}; }`);

/**
 * a, b: f32, which broadcast → y: f32 [count], which may lie over either that is as large. Where `strided` is 0
 * both have y's shape.
 */
export const binary = elementKernel({
  name: 'binary',
  operands: { a: 'f32', b: 'f32', y: 'f32' },
  uniforms: { which: 'u32', strided: 'u32', ...STRIDED_UNIFORMS },
  declarations: () => `${GELU}${STRIDED}
fn result(a: f32, b: f32) -> f32 {
  switch uniforms.which {
    ${cases.join('\n    ')}
    default: { return a; }
  }
}`,
  main: ({ a, b, y }) => `
var at = vec2u(i);
if (uniforms.strided != 0u) { at = strided(i); }
${y}[i] = result(${a}[at.x], ${b}[at.y]);`,
});

/** a, b: f32 [4 count] → y, which may lie over either: arithmetic, four at a time. */
export const arithmetic = elementKernel({
  name: 'arithmetic',
  operands: { a: 'vec4f', b: 'vec4f', y: 'vec4f' },
  uniforms: { which: 'u32' },
  main: ({ a, b, y }) => `
let left = ${a}[i];
let right = ${b}[i];
switch uniforms.which {
  ${ARITHMETIC.map(
    (which) =>
      `case ${BINARY[which]}: { ${y}[i] = ${FUNCTIONS[which].replace('a', 'left').replace('b', 'right')}; }`,
  ).join('\n  ')}
  default: {}
}`,
});
