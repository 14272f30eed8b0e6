import { kernel } from '../../kernel.js';
import { LOGARITHM } from '../../wgsl/logarithm.js';
import { ATTENTION_UNIFORMS, attentionCommon, MOST_FEATURES, OWN, TILE } from './common.js';

/**
 * Attention over packed sequences, a workgroup for each row and head, which goes through the keys of the row's
 * sequence tile by tile with the largest score so far and the sum of powers. projections: f32 [rows, 3 features],
 * starts: i32 [examples + 1], mask: i32 [rows], key: i32 [2] → context: f32 [rows, features], logSumExp: f32 [heads,
 * rows], both 0 in rows that are nobody's.
 */
export const attention = kernel({
  name: 'attention',
  operands: {
    projections: 'f32',
    starts: 'i32',
    mask: 'i32',
    key: 'u32',
    context: 'f32',
    logSumExp: 'f32',
  },
  uniforms: ATTENTION_UNIFORMS,
  threads: TILE,
  declarations: ({ starts }) => `${attentionCommon(starts)}${LOGARITHM}
var<workgroup> query: array<f32, ${MOST_FEATURES}>;
`,
  main: ({ projections, mask, key, context, logSumExp }) => `
let row = group / uniforms.heads;
let head = group % uniforms.heads;
let features = uniforms.heads * uniforms.size;
let width = 3u * features;
let words = vec2u(${key}[0], ${key}[1]);
if (thread == 0u) { span = spanOf(uniforms.examples, row, true); }
for (var c = thread; c < uniforms.size; c += ${TILE}u) { query[c] = ${projections}[row * width + head * uniforms.size + c]; }
let here = workgroupUniformLoad(&span);
let first = here.x;
let length = here.y;
let element = here.z + (head * length + (row - first)) * length;
var largest = -infinity();
var total = 0.0;
var sums = array<f32, ${OWN}>();
for (var begin = 0u; begin < length; begin += ${TILE}u) {
  let j = begin + thread;
  var score = -infinity();
  if (j < length && ${mask}[first + j] != 0) {
    let at = (first + j) * width + features + head * uniforms.size;
    var product = 0.0;
    for (var c = 0u; c < uniforms.size; c++) { product += query[c] * ${projections}[at + c]; }
    score = product / uniforms.root;
  }
  let before = largest;
  largest = max(before, tileLargest(score, thread));
  var power = 0.0;
  if (score > -infinity()) { power = exponential(score - largest); }
  var rescaled = 1.0;
  if (largest > before) { rescaled = exponential(before - largest); }
  weights[thread] = power * dropoutFactor(words, element + j);
  total = total * rescaled + tileTotal(power, thread);
  let count = min(${TILE}u, length - begin);
  for (var own = 0u; own < ${OWN}u; own++) {
    let c = own * ${TILE}u + thread;
    if (c >= uniforms.size) { break; }
    var sum = sums[own] * rescaled;
    for (var other = 0u; other < count; other++) {
      sum += weights[other] * ${projections}[(first + begin + other) * width + 2u * features + head * uniforms.size + c];
    }
    sums[own] = sum;
  }
}
for (var own = 0u; own < ${OWN}u; own++) {
  let c = own * ${TILE}u + thread;
  if (c >= uniforms.size) { break; }
  ${context}[row * features + head * uniforms.size + c] = select(0.0, sums[own] / total, total > 0.0);
}
if (thread == 0u) {
  ${logSumExp}[head * uniforms.rows + row] = select(0.0, largest + logarithm(total), total > 0.0);
}`,
});
