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
import { tfjsEncoder } from './tfjs-encoder.mjs';

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

let seed = 0;
const weights = (/** @type {number[]} */ ...shape) =>
  tf.variable(tf.randomNormal(shape, 0, 0.02, 'float32', ++seed));

const { hidden } = model;
const words = weights(model.vocabulary, hidden);
const positions = weights(model.positions, hidden);
const types = weights(2, hidden);
const encoder = tfjsEncoder(tf, { ...model, labels: LABELS, batch, length }, rate, weights);
const embedded = encoder.norm();

// Tokens from 5 on are neither padding nor special.
const tokens = tf.randomUniform([batch * length], 5, model.vocabulary, 'int32', 1);
const labels = tf.oneHot(tf.randomUniform([batch], 0, LABELS, 'int32', 2), LABELS).toFloat();
const places = tf.tile(tf.range(0, length, 1, 'int32'), [batch]);

function lossOf() {
  const sum = words.gather(tokens).add(positions.gather(places));
  const normalized = encoder.normalize(sum.add(types.slice([0, 0], [1, hidden])), embedded);
  const logits = encoder.logits(encoder.dropout(normalized));
  return tf.losses.softmaxCrossEntropy(labels, logits);
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
