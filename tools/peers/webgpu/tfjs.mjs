// An encoder's training step and products of matrices on TensorFlow.js' WebGPU backend:
//
//     node tools/peers/webgpu/tfjs.mjs FOLDER TIMES
//
// FOLDER is where npm put @tensorflow/tfjs, @tensorflow/tfjs-backend-webgpu and webgpu.

import { tfjsEncoder } from '../tfjs-encoder.mjs';
import { importAs, provideGpu } from './gpu.mjs';
import { ENCODER, numbers, PRODUCTS } from './sizes.mjs';
import { print, secondsOf } from './timed.mjs';

const [folder = '', times = '3'] = process.argv.slice(2);
await provideGpu(folder);
const tf = (await importAs(folder, '@tensorflow/tfjs')).default;
await importAs(folder, '@tensorflow/tfjs-backend-webgpu');
await tf.setBackend('webgpu');
await tf.ready();

const { labels, batch, length, rate } = ENCODER;
let seed = 1;
const weights = (/** @type {number[]} */ ...shape) => {
  const count = shape.reduce((a, b) => a * b);
  return tf.variable(tf.tensor(numbers(count, 0.02, ++seed), shape));
};
const sizes = { ...ENCODER, hidden: ENCODER.width };
const encoder = tfjsEncoder(tf, sizes, 0, weights);

const input = tf.tensor(numbers(batch * length * sizes.hidden), [batch * length, sizes.hidden]);
const classes = Array.from({ length: batch }, (_, i) => i % labels);
const wanted = tf.oneHot(tf.tensor1d(classes, 'int32'), labels).toFloat();
const lossOf = () => tf.losses.softmaxCrossEntropy(wanted, encoder.logits(input));

const optimizer = tf.train.adam(rate);
/** @type {Record<string, number[]>} */
const found = {};
found.step = await secondsOf(Number(times), async () => {
  const { value, grads } = tf.variableGrads(lossOf);
  optimizer.applyGradients(grads);
  await value.data();
  // The optimizer's last updates are done with.
  await encoder.last.data();
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
