import { elementKernel } from '../../kernel.js';
import { PARTS } from '../../wgsl/parts.js';
import { WORDS } from '../../wgsl/words.js';

const rowAt = (order: string): string => `
fn rowAt(t: u32) -> u32 {
  if (uniforms.ordered == 0u) { return t; }
  return u32(clamp(${order}[t], 0i, i32(uniforms.n) - 1i));
}`;

const UNIFORMS = { n: 'u32', rows: 'u32', blocks: 'u32', features: 'u32', ordered: 'u32' } as const;

/** x: f32 [n, features], words of signs: u32 [n / 32] → y: f32 [rows, features]: bins take rows one behind the other. */
export const balancedCount = elementKernel({
  name: 'balancedCount',
  operands: { x: 'f32', order: 'i32', words: 'u32', y: 'f32' },
  uniforms: UNIFORMS,
  declarations: ({ order }) => `${PARTS}${rowAt(order)}`,
  main: ({ x, words, y }) => `
let feature = i % uniforms.features;
let bin = i / uniforms.features;
let block = partOf(uniforms.rows, uniforms.blocks, bin);
let begin = beginOf(uniforms.n, uniforms.blocks, block);
let size = beginOf(uniforms.n, uniforms.blocks, block + 1u) - begin;
let firstBin = beginOf(uniforms.rows, uniforms.blocks, block);
let bins = beginOf(uniforms.rows, uniforms.blocks, block + 1u) - firstBin;
let last = begin + beginOf(size, bins, bin + 1u - firstBin);
var sum = 0.0;
for (var t = begin + beginOf(size, bins, bin - firstBin); t < last; t++) {
  let value = ${x}[rowAt(t) * uniforms.features + feature];
  sum += select(value, -value, ((${words}[t / 32u] >> (t % 32u)) & 1u) == 1u);
}
${y}[i] = sum;`,
});

/** words: u32 [count] → bins: i32 [count], each row's. */
export const drawnBins = elementKernel({
  name: 'drawnBins',
  operands: { words: 'u32', bins: 'i32' },
  uniforms: { rows: 'u32', blocks: 'u32' },
  declarations: () => `${PARTS}${WORDS}`,
  main: ({ words, bins }) => `
let block = partOf(uniforms.count, uniforms.blocks, i);
let first = beginOf(uniforms.rows, uniforms.blocks, block);
let last = beginOf(uniforms.rows, uniforms.blocks, block + 1u);
${bins}[i] = i32(first + below(${words}[i] & 0xfffffffeu, last - first));`,
});

/** x: f32 [n, features] → y: f32 [rows, features], which is 0 before: the signed sum of each chain of rows of a bin. */
export const drawnCount = elementKernel({
  name: 'drawnCount',
  operands: {
    ...{ x: 'f32', order: 'i32', words: 'u32', bins: 'i32' },
    ...{ next: 'u32', first: 'u32', y: 'f32' },
  },
  uniforms: { n: 'u32', features: 'u32', ordered: 'u32' },
  declarations: ({ order }) => rowAt(order),
  main: ({ x, words, bins, next, first, y }) => `
var t = i / uniforms.features;
let feature = i % uniforms.features;
if (${first}[t] == 0u) { return; }
let bin = u32(${bins}[t]);
var sum = 0.0;
while (t < uniforms.n) {
  let value = ${x}[rowAt(t) * uniforms.features + feature];
  sum += select(value, -value, (${words}[t] & 1u) == 1u);
  t = ${next}[t];
}
${y}[bin * uniforms.features + feature] = sum;`,
});
