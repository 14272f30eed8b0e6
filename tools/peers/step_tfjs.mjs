// Times training steps of the same encoder written plainly in TensorFlow.js: the counterpart of
// `pnpm glue step --backend tfjs:node`.
//
//     node tools/peers/step_tfjs.mjs --model minilm --batch-size 16 --sequence 128 --steps 10
//
// A step is forward, backward by `tf.variableGrads` and Adam of a sequence classifier with random weights on
// random tokens without padding, on tfjs-node with libtensorflow (tools/tfjs-node sets it up). The last line on
// standard output is one JSON object of the same form as `glue step --json`; everything else goes to standard
// error. What its numbers are:
//
//     secondsPerStep      wall time of a step, after two steps of warm-up
//     measuredPeakBytes   the most that TensorFlow.js's engine held in tensors after any kernel, parameters and
//                         optimizer state among them; taken in a step of its own, under `tf.profile`
//     residentPeakBytes   the largest resident memory of this process

import { createRequire } from 'node:module';
import { join } from 'node:path';
import util, { parseArgs } from 'node:util';
import { folderOf } from '../tfjs-node/folder.mjs';

// Node 23 has dropped it, and tfjs-node 4.22.0 calls it.
util.isNullOrUndefined ??= (/** @type {unknown} */ value) => value === null || value === undefined;

/** Of sentence-transformers/all-MiniLM-L6-v2 and bert-base-uncased. */
const MODELS = {
  minilm: { layers: 6, hidden: 384, heads: 12, inner: 1536, vocabulary: 30522, positions: 512 },
  'bert-base': {
    layers: 12,
    hidden: 768,
    heads: 12,
    inner: 3072,
    vocabulary: 30522,
    positions: 512,
  },
};
const EPSILON = 1e-12;
const LABELS = 2;
const WARM_UP = 2;

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'minilm' },
    'batch-size': { type: 'string', default: '16' },
    sequence: { type: 'string', default: '128' },
    steps: { type: 'string', default: '10' },
    // What the models' configurations have; tf.dropout draws in JavaScript, so 0 is a good deal faster.
    dropout: { type: 'string', default: '0.1' },
  },
});
const model = MODELS[/** @type {keyof typeof MODELS} */ (options.model)];
if (!model)
  throw new Error(`there is no model '${options.model}': ${Object.keys(MODELS).join(', ')}`);
const [batch, length, steps, rate] = /** @type {[number, number, number, number]} */ (
  [options['batch-size'], options.sequence, options.steps, options.dropout].map(Number)
);

const requireThere = createRequire(join(folderOf(process.env), 'package.json'));
const tf = requireThere('@tensorflow/tfjs-node');

/** @typedef {any} Tensor TensorFlow.js's types are not installed here */

let seed = 0;
const weights = (/** @type {number[]} */ ...shape) =>
  tf.variable(tf.randomNormal(shape, 0, 0.02, 'float32', ++seed));
const filled = (/** @type {number} */ size, /** @type {number} */ value) =>
  tf.variable(tf.fill([size], value));
const dense = (/** @type {number} */ from, /** @type {number} */ to) => ({
  weight: weights(from, to),
  bias: filled(to, 0),
});
const norm = () => ({ gamma: filled(model.hidden, 1), beta: filled(model.hidden, 0) });

const { hidden, heads, inner } = model;
const width = hidden / heads;
const embeddings = {
  words: weights(model.vocabulary, hidden),
  positions: weights(model.positions, hidden),
  types: weights(2, hidden),
  norm: norm(),
};
const blocks = Array.from({ length: model.layers }, () => ({
  query: dense(hidden, hidden),
  key: dense(hidden, hidden),
  value: dense(hidden, hidden),
  output: dense(hidden, hidden),
  first: norm(),
  grown: dense(hidden, inner),
  shrunk: dense(inner, hidden),
  second: norm(),
}));
const pooler = dense(hidden, hidden);
const classifier = dense(hidden, LABELS);

/** @typedef {{ weight: Tensor, bias: Tensor }} Dense */
/** @typedef {{ gamma: Tensor, beta: Tensor }} Norm */

const linear = (/** @type {Tensor} */ x, /** @type {Dense} */ { weight, bias }) =>
  x.matMul(weight).add(bias);
const dropout = (/** @type {Tensor} */ x) => (rate > 0 ? tf.dropout(x, rate) : x);
const gelu = (/** @type {Tensor} */ x) => x.mul(x.mul(Math.SQRT1_2).erf().add(1).mul(0.5));
const split = (/** @type {Tensor} */ x) =>
  x.reshape([batch, length, heads, width]).transpose([0, 2, 1, 3]);

function normalize(/** @type {Tensor} */ x, /** @type {Norm} */ { gamma, beta }) {
  const centred = x.sub(x.mean(-1, true));
  const variance = centred.square().mean(-1, true);
  return centred.mul(variance.add(EPSILON).rsqrt()).mul(gamma).add(beta);
}

function attend(/** @type {Tensor} */ x, /** @type {(typeof blocks)[number]} */ block) {
  const [q, k, v] = [block.query, block.key, block.value].map((layer) => split(linear(x, layer)));
  const scores = q.matMul(k, false, true).mul(1 / Math.sqrt(width));
  const attended = dropout(scores.softmax()).matMul(v).transpose([0, 2, 1, 3]);
  return linear(attended.reshape([batch * length, hidden]), block.output);
}

// Tokens from 5 on are neither padding nor special.
const tokens = tf.randomUniform([batch * length], 5, model.vocabulary, 'int32', 1);
const labels = tf.oneHot(tf.randomUniform([batch], 0, LABELS, 'int32', 2), LABELS).toFloat();
const places = tf.tile(tf.range(0, length, 1, 'int32'), [batch]);

function lossOf() {
  let x = embeddings.words.gather(tokens).add(embeddings.positions.gather(places));
  x = dropout(normalize(x.add(embeddings.types.slice([0, 0], [1, hidden])), embeddings.norm));
  for (const block of blocks) {
    x = normalize(x.add(dropout(attend(x, block))), block.first);
    const grown = gelu(linear(x, block.grown));
    x = normalize(x.add(dropout(linear(grown, block.shrunk))), block.second);
  }
  const first = x.reshape([batch, length, hidden]).slice([0, 0, 0], [batch, 1, hidden]);
  const pooled = dropout(linear(first.reshape([batch, hidden]), pooler).tanh());
  return tf.losses.softmaxCrossEntropy(labels, linear(pooled, classifier));
}

const optimizer = tf.train.adam(1e-5);
function step() {
  const { value, grads } = tf.variableGrads(lossOf);
  optimizer.applyGradients(grads);
  const loss = value.dataSync()[0];
  tf.dispose([value, grads]);
  return loss;
}

const seconds = [];
for (let index = 0; index < WARM_UP + steps; index++) {
  const start = performance.now();
  const loss = step();
  const taken = (performance.now() - start) / 1000;
  console.error(`step ${index}: loss ${loss.toFixed(4)}, ${taken.toFixed(3)} s`);
  if (index >= WARM_UP) seconds.push(taken);
}
const { peakBytes } = await tf.profile(() => {
  step();
});
seconds.sort((a, b) => a - b);
const middle = seconds.length / 2;
const median = ((seconds[Math.ceil(middle) - 1] ?? 0) + (seconds[Math.floor(middle)] ?? 0)) / 2;
const secondsPerStep = { min: seconds[0], median, max: seconds.at(-1) };
const residentPeakBytes = process.resourceUsage().maxRSS * 1024;
console.error(
  `dense  ${median.toFixed(3)} s a step  peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB  resident ${(residentPeakBytes / 2 ** 20).toFixed(0)} MiB`,
);
const result = {
  ...{ estimator: 'dense', secondsPerStep, measuredPeakBytes: peakBytes, residentPeakBytes },
};
console.log(JSON.stringify({ dropout: rate, results: [result] }));
