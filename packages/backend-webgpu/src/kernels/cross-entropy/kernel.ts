import { elementKernel, kernel } from '../../kernel.js';
import { EXPONENTIAL } from '../../wgsl/exponential.js';
import { LOGARITHM } from '../../wgsl/logarithm.js';
import { NUMBERS } from '../../wgsl/numbers.js';
import { ROW_THREADS, ROWS } from '../../wgsl/rows.js';
import { USED_ROWS_UNIFORMS, usedRows } from '../../wgsl/used-rows.js';

/**
 * logits: f32 [rows, classes], labels: i32 [rows] → probabilities: f32 [rows, classes], losses: f32 [rows], both 0
 * in rows that are nobody's. A workgroup makes a row.
 */
export const crossEntropy = kernel({
  name: 'crossEntropy',
  operands: { logits: 'f32', labels: 'i32', starts: 'i32', probabilities: 'f32', losses: 'f32' },
  uniforms: { classes: 'u32', ...USED_ROWS_UNIFORMS },
  threads: ROW_THREADS,
  declarations: ({ starts }) => `${NUMBERS}${EXPONENTIAL}${LOGARITHM}${ROWS}${usedRows(starts)}`,
  main: ({ logits, labels, probabilities, losses }) => `
let begin = group * uniforms.classes;
let end = begin + uniforms.classes;
var most = -infinity();
for (var at = begin + thread; at < end; at += ${ROW_THREADS}u) { most = max(most, ${logits}[at]); }
let largest = rowLargest(most, thread, 0u);
var sum = 0.0;
for (var at = begin + thread; at < end; at += ${ROW_THREADS}u) { sum += exponential(${logits}[at] - largest); }
let total = rowTotal(sum, thread, 1u);
let used = group < usedRows();
for (var at = begin + thread; at < end; at += ${ROW_THREADS}u) {
  ${probabilities}[at] = select(0.0, exponential(${logits}[at] - largest) / total, used);
}
if (thread == 0u) {
  let label = u32(clamp(${labels}[group], 0i, i32(uniforms.classes) - 1i));
  ${losses}[group] = select(0.0, logarithm(total) + (largest - ${logits}[begin + label]), used);
}`,
});

/** The mean over rows that are somebody's, \`each\` numbers to a row. total: f32 [1] → loss: f32 [1]. */
export const meanOfUsed = elementKernel({
  name: 'meanOfUsed',
  operands: { total: 'f32', starts: 'i32', loss: 'f32' },
  uniforms: { each: 'u32', ...USED_ROWS_UNIFORMS },
  declarations: ({ starts }) => usedRows(starts),
  main: ({ total, loss }) => `${loss}[0] = ${total}[0] / f32(usedRows() * uniforms.each);`,
});

/** probabilities: f32 [rows, classes], labels: i32 [rows], dloss: f32 [1] → dlogits, which may lie over the first. */
export const crossEntropyGradient = elementKernel({
  name: 'crossEntropyGradient',
  operands: { probabilities: 'f32', labels: 'i32', dloss: 'f32', starts: 'i32', dlogits: 'f32' },
  uniforms: { classes: 'u32', ...USED_ROWS_UNIFORMS },
  declarations: ({ starts }) => usedRows(starts),
  main: ({ probabilities, labels, dloss, dlogits }) => `
let row = i / uniforms.classes;
let used = usedRows();
let hot = select(0.0, 1.0, ${labels}[row] == i32(i % uniforms.classes));
let value = (${probabilities}[i] - hot) * (${dloss}[0] / f32(used));
${dlogits}[i] = select(0.0, value, row < used);`,
});
