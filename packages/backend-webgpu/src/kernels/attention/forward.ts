import { LOGARITHM } from '../../wgsl/logarithm.js';
import { attentionKernel, MOST_FEATURES } from './common.js';

/**
 * Attention over packed sequences, for each row and head, which goes through the keys of the row's
 * sequence tile by tile with the largest score so far and the sum of powers. projections: f32 [rows, 3 features],
 * starts: i32 [examples + 1], mask: i32 [rows], key: i32 [2] → context: f32 [rows, features], logSumExp: f32 [heads,
 * rows], both 0 in rows that are nobody's.
 */
export const attention = attentionKernel({
  name: 'attention',
  operands: {
    projections: 'f32',
    starts: 'i32',
    mask: 'i32',
    key: 'u32',
    context: 'f32',
    logSumExp: 'f32',
  },
  arrays: { query: MOST_FEATURES },
  declarations: () => LOGARITHM,
  main: ({ projections, mask, key, context, logSumExp }) => `
let row = item / uniforms.heads;
let width = 3u * features;
let words = vec2u(${key}[0], ${key}[1]);
if (lane == 0u) { span = spanOf(uniforms.examples, row, true); }
for (var c = lane; c < uniforms.size; c += TILE) { query[c] = ${projections}[row * width + head * uniforms.size + c]; }
let here = SHARED_SPAN;
let first = here.x;
let length = here.y;
let element = here.z + (head * length + (row - first)) * length;
var largest = -infinity();
var total = 0.0;
var sums = array<f32, OWN>();
for (var begin = 0u; begin < length; begin += TILE) {
  let j = begin + lane;
  var score = -infinity();
  if (j < length && ${mask}[first + j] != 0) {
    let at = (first + j) * width + features + head * uniforms.size;
    var product = 0.0;
    for (var c = 0u; c < uniforms.size; c++) { product += query[c] * ${projections}[at + c]; }
    score = product / uniforms.root;
  }
  let before = largest;
  largest = max(before, tileLargest(score, lane));
  var power = 0.0;
  if (score > -infinity()) { power = exponential(score - largest); }
  var rescaled = 1.0;
  if (largest > before) { rescaled = exponential(before - largest); }
  weights[lane] = power * dropoutFactor(words, element + j);
  total = total * rescaled + tileTotal(power, lane);
  let count = min(TILE, length - begin);
  for (var own = 0u; own < OWN; own++) {
    let c = own * TILE + lane;
    if (c >= uniforms.size) { break; }
    var sum = sums[own] * rescaled;
    for (var other = 0u; other < count; other++) {
      sum += weights[other] * ${projections}[(first + begin + other) * width + 2u * features + head * uniforms.size + c];
    }
    sums[own] = sum;
  }
}
for (var own = 0u; own < OWN; own++) {
  let c = own * TILE + lane;
  if (c >= uniforms.size) { break; }
  ${context}[row * features + head * uniforms.size + c] = select(0.0, sums[own] / total, total > 0.0);
}
if (lane == 0u) {
  ${logSumExp}[head * uniforms.rows + row] = select(0.0, largest + logarithm(total), total > 0.0);
}`,
});
