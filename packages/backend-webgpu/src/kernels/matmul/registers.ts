import { type Kernel, kernel } from '../../kernel.js';

/** Rows and columns that a thread makes, all of them in registers. */
export const REGISTER_TILE = 8;

/** Threads of a workgroup along the columns and along the rows. */
const ACROSS = 8;
const DOWN = 4;

/** Which of a, [m, k], and b, [k, n], lies transposed. */
export type Form = 'plain' | 'transposedA' | 'transposedB';

/** Sizes that have to be whole vectors, so that rows begin at one. */
export const VECTOR_SIZES: Readonly<Record<Form, readonly ('m' | 'k' | 'n')[]>> = {
  plain: ['k', 'n'],
  transposedA: ['m', 'n'],
  transposedB: ['k', 'n'],
};

const eight = (each: (at: number) => string): string =>
  Array.from({ length: REGISTER_TILE }, (_, at) => each(at)).join('\n');

/** Adds the product of an element of each of the eight rows with two vectors of columns. */
const added = (element: (row: number) => string, left: string, right: string): string =>
  eight((row) => `l${row} += ${element(row)} * ${left}; r${row} += ${element(row)} * ${right};`);

const LANES = ['x', 'y', 'z', 'w'] as const;

/** a's eight rows along k, a vector of four at a time. */
const rowsOfA = (a: string): string =>
  eight(
    (row) =>
      `let a${row} = ${a}[beginA + min(row + ${row}u, uniforms.m - 1u) * innerVectors + step];`,
  );

/** What each form does over k: terms of four k at a time, or of one where both lie so. */
const LOOPS: Readonly<Record<Form, (a: string, b: string) => string>> = {
  plain: (a, b) => `
let innerVectors = uniforms.k / 4u;
for (var step = 0u; step < innerVectors; step++) {
${rowsOfA(a)}
${LANES.map(
  (lane, at) => `
let left${at} = ${b}[beginB + (4u * step + ${at}u) * columnVectors + leftColumn];
let right${at} = ${b}[beginB + (4u * step + ${at}u) * columnVectors + rightColumn];
${added((row) => `a${row}.${lane}`, `left${at}`, `right${at}`)}`,
).join('')}
}`,
  transposedB: (a, b) => `
let innerVectors = uniforms.k / 4u;
for (var step = 0u; step < innerVectors; step++) {
${rowsOfA(a)}
${eight(
  (column) =>
    `let b${column} = ${b}[beginB + min(column + ${column}u, uniforms.n - 1u) * innerVectors + step];`,
)}
${LANES.map(
  (lane, at) => `
let left${at} = vec4f(b0.${lane}, b1.${lane}, b2.${lane}, b3.${lane});
let right${at} = vec4f(b4.${lane}, b5.${lane}, b6.${lane}, b7.${lane});
${added((row) => `a${row}.${lane}`, `left${at}`, `right${at}`)}`,
).join('')}
}`,
  transposedA: (a, b) => `
let rowVectors = uniforms.m / 4u;
let upper = row / 4u;
let lower = min(upper + 1u, rowVectors - 1u);
for (var step = 0u; step < uniforms.k; step++) {
let top = ${a}[beginA + step * rowVectors + upper];
let bottom = ${a}[beginA + step * rowVectors + lower];
let left = ${b}[beginB + step * columnVectors + leftColumn];
let right = ${b}[beginB + step * columnVectors + rightColumn];
${added((row) => `${row < 4 ? 'top' : 'bottom'}.${LANES[row % 4]}`, 'left', 'right')}
}`,
};

const OPERANDS = { a: 'vec4f', b: 'vec4f', bias: 'vec4f', y: 'vec4f' } as const;
const UNIFORMS = { m: 'u32', n: 'u32', k: 'u32', biased: 'u32' } as const;

const registers = (form: Form): Kernel<typeof OPERANDS, typeof UNIFORMS> =>
  kernel({
    name: `matmul ${form}`,
    operands: OPERANDS,
    uniforms: UNIFORMS,
    threads: ACROSS * DOWN,
    main: ({ a, b, bias, y }) => `
let across = (uniforms.n + ${ACROSS * REGISTER_TILE - 1}u) / ${ACROSS * REGISTER_TILE}u;
let down = (uniforms.m + ${DOWN * REGISTER_TILE - 1}u) / ${DOWN * REGISTER_TILE}u;
let column = ((group % across) * ${ACROSS}u + thread % ${ACROSS}u) * ${REGISTER_TILE}u;
let row = (((group / across) % down) * ${DOWN}u + thread / ${ACROSS}u) * ${REGISTER_TILE}u;
let batch = group / (across * down);
if (row >= uniforms.m || column >= uniforms.n) { return; }
let columnVectors = uniforms.n / 4u;
let leftColumn = column / 4u;
let rightColumn = min(leftColumn + 1u, columnVectors - 1u);
let beginA = batch * (uniforms.m * uniforms.k / 4u);
let beginB = batch * (uniforms.k * uniforms.n / 4u);
${eight((at) => `var l${at} = vec4f(); var r${at} = vec4f();`)}
${LOOPS[form](a, b)}
if (uniforms.biased != 0u) {
let left = ${bias}[leftColumn];
let right = ${bias}[rightColumn];
${eight((at) => `l${at} += left; r${at} += right;`)}
}
let begin = batch * uniforms.m * columnVectors;
let two = leftColumn + 1u < columnVectors;
${eight(
  (at) => `if (row + ${at}u < uniforms.m) {
  let to = begin + (row + ${at}u) * columnVectors + leftColumn;
  ${y}[to] = l${at};
  if (two) { ${y}[to + 1u] = r${at}; }
}`,
)}`,
  });

/**
 * a: [batch, m, k], b: [batch, k, n], either of them transposed → y: [batch, m, n], + bias [n] where `biased` is 1. A
 * thread makes 8 × 8 numbers in registers, and nobody waits for anybody: the fastest where the CPU computes.
 */
export const registerMatmul: Readonly<Record<Form, Kernel<typeof OPERANDS, typeof UNIFORMS>>> = {
  plain: registers('plain'),
  transposedA: registers('transposedA'),
  transposedB: registers('transposedB'),
};

/** Workgroups of a product. */
export const registerGroups = ({ m, n }: { readonly m: number; readonly n: number }): number =>
  Math.ceil(n / (ACROSS * REGISTER_TILE)) * Math.ceil(m / (DOWN * REGISTER_TILE));
