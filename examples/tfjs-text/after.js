// The same program with sketchgrad: node after.js [glosses to learn from] [epochs]
import '@tensorflow/tfjs-backend-cpu';
import { loadBackend, quantized } from '@sketchgrad/core';
import { fit } from '@sketchgrad/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { glosses } from './glosses.js';
import { classifier } from './model.js';

const [count = 2048, epochs = 3] = process.argv.slice(2).map(Number);
const [x, y] = await glosses('train', count);
const validationData = await glosses('dev', Math.min(500, count));

await tf.ready();
const model = classifier();
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });

const backend = await loadBackend('cpu');
const start = performance.now();
const { history, measuredPeakBytes } = await fit(model, x, y, {
  ...{ backend, batchSize: 64, epochs, shuffle: false, validationData },
  // Exact gradients without these two.
  ...{ estimator: quantized({ bits: 4 }), keep: { gelu: 3, norm: 8 } },
});
const seconds = (performance.now() - start) / 1000;
await backend.dispose();
const accuracy = history.val_acc.at(-1);
console.log(JSON.stringify({ accuracy, peakMebibytes: measuredPeakBytes / 2 ** 20, seconds }));
