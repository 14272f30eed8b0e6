// A TensorFlow.js program: node before.js [digits to learn from] [epochs]
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { peakOf } from '../peak.js';
import { digits } from './digits.js';
import { convnet } from './model.js';

const [count = 2048, epochs = 2] = process.argv.slice(2).map(Number);
const [x, y] = digits(count);
const validationData = digits(Math.min(500, count), 5000);

await tf.ready();
const model = convnet();
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });

const start = performance.now();
const { value, peakBytes } = await peakOf(tf.engine(), () =>
  model.fit(x, y, { batchSize: 256, epochs, shuffle: false, validationData, verbose: 0 }),
);
const seconds = (performance.now() - start) / 1000;
const accuracy = value.history.val_acc.at(-1);
console.log(JSON.stringify({ accuracy, peakMebibytes: peakBytes / 2 ** 20, seconds }));
