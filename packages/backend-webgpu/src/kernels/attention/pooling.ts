import { attentionKernel, MOST_FEATURES } from './common.js';

/**
 * Attention of one query a sequence, for each example and head. queries: f32 [examples, features],
 * keysValues: f32 [rows, 2 features], starts, mask, key → context: f32 [examples, features], probabilities: f32 [heads,
 * rows], of rows that are somebody's.
 */
export const attentionPooling = attentionKernel({
  name: 'attentionPooling',
  operands: {
    queries: 'f32',
    keysValues: 'f32',
    starts: 'i32',
    mask: 'i32',
    key: 'u32',
    context: 'f32',
    probabilities: 'f32',
  },
  arrays: { query: MOST_FEATURES },
  main: ({ queries, keysValues, mask, key, context, probabilities }) => `
let example = item / uniforms.heads;
let width = 2u * features;
let words = vec2u(${key}[0], ${key}[1]);
let queryAt = example * features + head * uniforms.size;
if (lane == 0u) { span = spanOf(example, 0xffffffffu, false); }
for (var c = lane; c < uniforms.size; c += TILE) { query[c] = ${queries}[queryAt + c]; }
let here = SHARED_SPAN;
let first = here.x;
let length = here.y;
let element = here.z + head * length;
let scores = head * uniforms.rows + first;
// Scores lie where the probabilities will.
var most = -infinity();
for (var j = lane; j < length; j += TILE) {
  var score = -infinity();
  if (${mask}[first + j] != 0) {
    let at = (first + j) * width + head * uniforms.size;
    var product = 0.0;
    for (var c = 0u; c < uniforms.size; c++) { product += query[c] * ${keysValues}[at + c]; }
    score = product / uniforms.root;
  }
  ${probabilities}[scores + j] = score;
  most = max(most, score);
}
let largest = tileLargest(most, lane);
var sum = 0.0;
for (var j = lane; j < length; j += TILE) {
  var power = 0.0;
  if (${probabilities}[scores + j] > -infinity()) { power = exponential(${probabilities}[scores + j] - largest); }
  ${probabilities}[scores + j] = power;
  sum += power;
}
let total = tileTotal(sum, lane);
var sums = array<f32, OWN>();
for (var begin = 0u; begin < length; begin += TILE) {
  let j = begin + lane;
  var weight = 0.0;
  if (j < length && total > 0.0) {
    let p = ${probabilities}[scores + j] / total;
    ${probabilities}[scores + j] = p;
    weight = p * dropoutFactor(words, element + j);
  }
  wait();
  weights[lane] = weight;
  wait();
  let count = min(TILE, length - begin);
  for (var own = 0u; own < OWN; own++) {
    let c = own * TILE + lane;
    if (c >= uniforms.size) { break; }
    for (var other = 0u; other < count; other++) {
      sums[own] += weights[other] * ${keysValues}[(first + begin + other) * width + features + head * uniforms.size + c];
    }
  }
}
for (var own = 0u; own < OWN; own++) {
  let c = own * TILE + lane;
  if (c >= uniforms.size) { break; }
  ${context}[queryAt + c] = sums[own];
}`,
});

/**
 * queries, keysValues, probabilities, dcontext: f32 [examples, features] → dkeysValues: f32 [rows, 2 features], of rows
 * that are somebody's, which may lie over keysValues; dqueries: f32 [examples, features].
 */
export const attentionPoolingGradient = attentionKernel({
  name: 'attentionPoolingGradient',
  operands: {
    queries: 'f32',
    keysValues: 'f32',
    starts: 'i32',
    key: 'u32',
    probabilities: 'f32',
    dcontext: 'f32',
    dkeysValues: 'f32',
    dqueries: 'f32',
  },
  arrays: { kept: 'TILE' },
  main: ({ queries, keysValues, key, probabilities, dcontext, dkeysValues, dqueries }) => `
let example = item / uniforms.heads;
let width = 2u * features;
let words = vec2u(${key}[0], ${key}[1]);
let query = example * features + head * uniforms.size;
if (lane == 0u) { span = spanOf(example, 0xffffffffu, false); }
let here = SHARED_SPAN;
let first = here.x;
let length = here.y;
let element = here.z + head * length;
let scores = head * uniforms.rows + first;
var along = 0.0;
var sums = array<f32, OWN>();
for (var round = 0u; round < 2u; round++) {
  var sum = 0.0;
  for (var begin = 0u; begin < length; begin += TILE) {
    let j = begin + lane;
    var ds = 0.0;
    var passed = 0.0;
    if (j < length) {
      let at = (first + j) * width + features + head * uniforms.size;
      var cotangent = 0.0;
      for (var c = 0u; c < uniforms.size; c++) { cotangent += ${dcontext}[query + c] * ${keysValues}[at + c]; }
      let factor = dropoutFactor(words, element + j);
      let p = ${probabilities}[scores + j];
      passed = p * factor;
      sum += p * cotangent * factor;
      ds = p * (cotangent * factor - along) / uniforms.root;
    }
    if (round == 0u) { continue; }
    wait();
    weights[lane] = ds;
    kept[lane] = passed;
    wait();
    let count = min(TILE, length - begin);
    for (var own = 0u; own < OWN; own++) {
      let c = own * TILE + lane;
      if (c >= uniforms.size) { break; }
      for (var other = 0u; other < count; other++) {
        // Keys are read where their cotangents are written next.
        let at = (first + begin + other) * width + head * uniforms.size + c;
        sums[own] += weights[other] * ${keysValues}[at];
        ${dkeysValues}[at] = weights[other] * ${queries}[query + c];
        ${dkeysValues}[at + features] = kept[other] * ${dcontext}[query + c];
      }
    }
  }
  if (round == 0u) { along = tileTotal(sum, lane); }
}
for (var own = 0u; own < OWN; own++) {
  let c = own * TILE + lane;
  if (c >= uniforms.size) { break; }
  ${dqueries}[query + c] = sums[own];
}`,
});
