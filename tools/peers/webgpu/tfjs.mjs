// An encoder's training step and products of matrices on TensorFlow.js' WebGPU backend:
//
//     node tools/peers/webgpu/tfjs.mjs FOLDER TIMES
//
// FOLDER is where npm put @tensorflow/tfjs, @tensorflow/tfjs-backend-webgpu and webgpu.

import { importAs, provideGpu } from './gpu.mjs';
import { ENCODER, numbers, PRODUCTS } from './sizes.mjs';
import { print, secondsOf } from './timed.mjs';

const [folder = '', times = '3'] = process.argv.slice(2);
await provideGpu(folder);
const tf = (await importAs(folder, '@tensorflow/tfjs')).default;
await importAs(folder, '@tensorflow/tfjs-backend-webgpu');
await tf.setBackend('webgpu');
await tf.ready();

/** @typedef {any} Tensor TensorFlow.js's types are not installed here */

const { layers, width, heads, inner, labels, batch, length, epsilon, rate } = ENCODER;
const size = width / heads;
let seed = 1;
const weights = (/** @type {number[]} */ ...shape) =>
  tf.variable(
    tf.tensor(
      numbers(
        shape.reduce((a, b) => a * b),
        0.02,
        ++seed,
      ),
      shape,
    ),
  );
const filled = (/** @type {number} */ count, /** @type {number} */ value) =>
  tf.variable(tf.fill([count], value));
const dense = (/** @type {number} */ from, /** @type {number} */ to) => ({
  weight: weights(from, to),
  bias: filled(to, 0),
});
const norm = () => ({ gamma: filled(width, 1), beta: filled(width, 0) });
const blocks = Array.from({ length: layers }, () => ({
  query: dense(width, width),
  key: dense(width, width),
  value: dense(width, width),
  output: dense(width, width),
  first: norm(),
  grown: dense(width, inner),
  shrunk: dense(inner, width),
  second: norm(),
}));
const pooler = dense(width, width);
const classifier = dense(width, labels);

const linear = (/** @type {Tensor} */ x, /** @type {{ weight: Tensor, bias: Tensor }} */ layer) =>
  x.matMul(layer.weight).add(layer.bias);
const gelu = (/** @type {Tensor} */ x) => x.mul(x.mul(Math.SQRT1_2).erf().add(1).mul(0.5));
const split = (/** @type {Tensor} */ x) =>
  x.reshape([batch, length, heads, size]).transpose([0, 2, 1, 3]);

function normalize(
  /** @type {Tensor} */ x,
  /** @type {{ gamma: Tensor, beta: Tensor }} */ { gamma, beta },
) {
  const centred = x.sub(x.mean(-1, true));
  const variance = centred.square().mean(-1, true);
  return centred.mul(variance.add(epsilon).rsqrt()).mul(gamma).add(beta);
}

function attend(/** @type {Tensor} */ x, /** @type {(typeof blocks)[number]} */ block) {
  const [q, k, v] = [block.query, block.key, block.value].map((layer) => split(linear(x, layer)));
  const scores = q.matMul(k, false, true).mul(1 / Math.sqrt(size));
  const attended = scores.softmax().matMul(v).transpose([0, 2, 1, 3]);
  return linear(attended.reshape([batch * length, width]), block.output);
}

const input = tf.tensor(numbers(batch * length * width), [batch * length, width]);
const wanted = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: batch }, (_, i) => i % labels),
    'int32',
  ),
  labels,
);

function lossOf() {
  let x = input;
  for (const block of blocks) {
    x = normalize(x.add(attend(x, block)), block.first);
    x = normalize(x.add(linear(gelu(linear(x, block.grown)), block.shrunk)), block.second);
  }
  const first = x.reshape([batch, length, width]).slice([0, 0, 0], [batch, 1, width]);
  const pooled = linear(first.reshape([batch, width]), pooler).tanh();
  return tf.losses.softmaxCrossEntropy(wanted.toFloat(), linear(pooled, classifier));
}

const optimizer = tf.train.adam(rate);
/** @type {Record<string, number[]>} */
const found = {};
found.step = await secondsOf(Number(times), async () => {
  const { value, grads } = tf.variableGrads(lossOf);
  optimizer.applyGradients(grads);
  await value.data();
  // The optimizer's last updates are done with.
  await blocks[0]?.query.bias.data();
  tf.dispose([value, grads]);
});
for (const n of PRODUCTS) {
  const [a, b] = [2, 3].map((each) => tf.tensor(numbers(n * n, 1, each), [n, n]));
  found[`product ${n}`] = await secondsOf(Number(times), async () => {
    const product = tf.matMul(a, b);
    await product.data();
    product.dispose();
  });
}
print(found);
