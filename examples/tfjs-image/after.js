// The same program with sketchgrad: node after.js [digits to learn from] [epochs] [exact, codes or sketch]
import '@tensorflow/tfjs-backend-cpu';
import { count as countSketch, dense, loadBackend, quantized, rmm } from '@sketchgrad/core';
import { fit } from '@sketchgrad/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { digits } from './digits.js';
import { convnet } from './model.js';

const [count = 2048, epochs = 2] = process.argv.slice(2, 4).map(Number);
/** What is kept of layers' inputs for their weights' gradients. */
const estimator = {
  exact: dense(),
  codes: quantized({ bits: 3 }),
  sketch: rmm({ sketch: countSketch(), rate: 0.1 }),
}[process.argv[4] ?? 'exact'];
const [x, y] = digits(count);
const validationData = digits(Math.min(500, count), 5000);

await tf.ready();
const model = convnet();
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });

const backend = await loadBackend('cpu');
const start = performance.now();
const { history, measuredPeakBytes } = await fit(model, x, y, {
  ...{ backend, batchSize: 256, epochs, shuffle: false, validationData, estimator },
});
const seconds = (performance.now() - start) / 1000;
await backend.dispose();
const accuracy = history.val_acc.at(-1);
console.log(JSON.stringify({ accuracy, peakMebibytes: measuredPeakBytes / 2 ** 20, seconds }));
