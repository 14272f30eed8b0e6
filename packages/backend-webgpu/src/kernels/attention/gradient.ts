import { attentionKernel, MOST_FEATURES } from './common.js';

/** Of each row and head: the largest score, the sum of powers, Σ P dP. */
export const STATISTICS = 3;

/**
 * Cotangents of queries, for each row and head. projections: f32 [rows, 3 features], dcontext: f32 [rows,
 * features] → dqueries: f32 [rows, features], statistics: f32 [rows · heads, 3], for the keys.
 */
export const attentionQueries = attentionKernel({
  name: 'attentionQueries',
  operands: {
    projections: 'f32',
    starts: 'i32',
    mask: 'i32',
    key: 'u32',
    dcontext: 'f32',
    dqueries: 'f32',
    statistics: 'f32',
  },
  arrays: { query: MOST_FEATURES, outgoing: MOST_FEATURES },
  main: ({ projections, mask, key, dcontext, dqueries, statistics }) => `
let row = item / uniforms.heads;
let width = 3u * features;
let words = vec2u(${key}[0], ${key}[1]);
if (lane == 0u) { span = spanOf(uniforms.examples, row, true); }
for (var c = lane; c < uniforms.size; c += TILE) {
  query[c] = ${projections}[row * width + head * uniforms.size + c];
  outgoing[c] = ${dcontext}[row * features + head * uniforms.size + c];
}
let here = SHARED_SPAN;
let first = here.x;
let length = here.y;
let element = here.z + (head * length + (row - first)) * length;
var largest = -infinity();
var total = 0.0;
var along = 0.0;
var sums = array<f32, OWN>();
// Once for what a row's softmax is, and once more for what comes of it.
for (var round = 0u; round < 2u; round++) {
  for (var begin = 0u; begin < length; begin += TILE) {
    let j = begin + lane;
    var score = -infinity();
    var cotangent = 0.0;
    if (j < length && ${mask}[first + j] != 0) {
      let keys = (first + j) * width + features + head * uniforms.size;
      var product = 0.0;
      for (var c = 0u; c < uniforms.size; c++) {
        product += query[c] * ${projections}[keys + c];
        cotangent += outgoing[c] * ${projections}[keys + features + c];
      }
      score = product / uniforms.root;
      cotangent *= dropoutFactor(words, element + j);
    }
    if (round == 0u) {
      let before = largest;
      largest = max(before, tileLargest(score, lane));
      var power = 0.0;
      if (score > -infinity()) { power = exponential(score - largest); }
      var rescaled = 1.0;
      if (largest > before) { rescaled = exponential(before - largest); }
      total = total * rescaled + tileTotal(power, lane);
      along = along * rescaled + tileTotal(power * cotangent, lane);
    } else {
      var ds = 0.0;
      if (score > -infinity()) {
        ds = exponential(score - largest) / total * (cotangent - along / total) / uniforms.root;
      }
      wait();
      weights[lane] = ds;
      wait();
      let count = min(TILE, length - begin);
      for (var own = 0u; own < OWN; own++) {
        let c = own * TILE + lane;
        if (c >= uniforms.size) { break; }
        for (var other = 0u; other < count; other++) {
          sums[own] += weights[other] * ${projections}[(first + begin + other) * width + features + head * uniforms.size + c];
        }
      }
    }
  }
}
for (var own = 0u; own < OWN; own++) {
  let c = own * TILE + lane;
  if (c >= uniforms.size) { break; }
  ${dqueries}[row * features + head * uniforms.size + c] = sums[own];
}
if (lane == 0u) {
  ${statistics}[${STATISTICS}u * item] = largest;
  ${statistics}[${STATISTICS}u * item + 1u] = total;
  ${statistics}[${STATISTICS}u * item + 2u] = select(0.0, along / total, total > 0.0);
}`,
});

/**
 * Cotangents of keys and values, for each row and head, which reads its own keys and values alone: they
 * may lie under their cotangents. projections, dcontext, statistics → dprojections: f32 [rows, 3 features], all but
 * the queries'.
 */
export const attentionKeys = attentionKernel({
  name: 'attentionKeys',
  operands: {
    projections: 'f32',
    starts: 'i32',
    mask: 'i32',
    key: 'u32',
    dcontext: 'f32',
    statistics: 'f32',
    dprojections: 'f32',
  },
  arrays: { keys: MOST_FEATURES, values: MOST_FEATURES, kept: 'TILE' },
  main: ({ projections, mask, key, dcontext, statistics, dprojections }) => `
let row = item / uniforms.heads;
let width = 3u * features;
let words = vec2u(${key}[0], ${key}[1]);
if (lane == 0u) { span = spanOf(uniforms.examples, row, true); }
let own = row * width + features + head * uniforms.size;
for (var c = lane; c < uniforms.size; c += TILE) {
  keys[c] = ${projections}[own + c];
  values[c] = ${projections}[own + features + c];
}
let here = SHARED_SPAN;
let first = here.x;
let length = here.y;
let element = here.z + head * length * length + (row - first);
let open = ${mask}[row] != 0;
var dkeys = array<f32, OWN>();
var dvalues = array<f32, OWN>();
for (var begin = 0u; begin < length; begin += TILE) {
  let i = begin + lane;
  var ds = 0.0;
  var passed = 0.0;
  if (i < length && open) {
    let queries = (first + i) * width + head * uniforms.size;
    let out = (first + i) * features + head * uniforms.size;
    var product = 0.0;
    var cotangent = 0.0;
    for (var c = 0u; c < uniforms.size; c++) {
      product += ${projections}[queries + c] * keys[c];
      cotangent += ${dcontext}[out + c] * values[c];
    }
    let at = ${STATISTICS}u * ((first + i) * uniforms.heads + head);
    let p = exponential(product / uniforms.root - ${statistics}[at]) / ${statistics}[at + 1u];
    let factor = dropoutFactor(words, element + i * length);
    passed = p * factor;
    ds = p * (cotangent * factor - ${statistics}[at + 2u]) / uniforms.root;
  }
  wait();
  weights[lane] = ds;
  kept[lane] = passed;
  wait();
  let count = min(TILE, length - begin);
  for (var mine = 0u; mine < OWN; mine++) {
    let c = mine * TILE + lane;
    if (c >= uniforms.size) { break; }
    for (var other = 0u; other < count; other++) {
      let at = first + begin + other;
      dkeys[mine] += weights[other] * ${projections}[at * width + head * uniforms.size + c];
      dvalues[mine] += kept[other] * ${dcontext}[at * features + head * uniforms.size + c];
    }
  }
}
for (var mine = 0u; mine < OWN; mine++) {
  let c = mine * TILE + lane;
  if (c >= uniforms.size) { break; }
  ${dprojections}[own + c] = dkeys[mine];
  ${dprojections}[own + features + c] = dvalues[mine];
}`,
});
