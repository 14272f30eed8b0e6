import { elementKernel } from '../../kernel.js';
import { rowKernel } from '../../row-kernel.js';
import { EXPONENTIAL } from '../../wgsl/exponential.js';
import { LOGARITHM } from '../../wgsl/logarithm.js';
import { NUMBERS } from '../../wgsl/numbers.js';
import { USED_ROWS_UNIFORMS, usedRows } from '../../wgsl/used-rows.js';

/**
 * logits: f32 [rows, classes], labels: i32 [rows] → probabilities: f32 [rows, classes], losses: f32 [rows], both 0
 * in rows that are nobody's.
 */
export const crossEntropy = rowKernel({
  name: 'crossEntropy',
  operands: { logits: 'f32', labels: 'i32', starts: 'i32', probabilities: 'f32', losses: 'f32' },
  uniforms: { classes: 'u32', ...USED_ROWS_UNIFORMS },
  declarations: ({ starts }) => `${NUMBERS}${EXPONENTIAL}${LOGARITHM}${usedRows(starts)}`,
  main: ({ logits, labels, probabilities, losses }) => `
let begin = row * uniforms.classes;
let end = begin + uniforms.classes;
var most = -infinity();
for (var at = begin + lane; at < end; at += LANES) { most = max(most, ${logits}[at]); }
let largest = rowLargest(most, lane, 0u);
var sum = 0.0;
for (var at = begin + lane; at < end; at += LANES) { sum += exponential(${logits}[at] - largest); }
let total = rowTotal(sum, lane, 1u);
let used = row < usedRows();
for (var at = begin + lane; at < end; at += LANES) {
  ${probabilities}[at] = select(0.0, exponential(${logits}[at] - largest) / total, used);
}
if (lane == 0u) {
  let label = u32(clamp(${labels}[row], 0i, i32(uniforms.classes) - 1i));
  ${losses}[row] = select(0.0, logarithm(total) + (largest - ${logits}[begin + label]), used);
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
