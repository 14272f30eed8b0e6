import { loadBackend } from '@sketchgrad/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';
import { numbers, stir } from './gradients.js';

const { layers: of } = layers;

export const EXAMPLES = 20;
export const CLASSES = 3;

/** Numbers of which the class is a function. */
export const x = tf.tensor(numbers([EXAMPLES, 6], 1), [EXAMPLES, 6]);
export const classes = Int32Array.from({ length: EXAMPLES }, (_, i) => {
  const row = numbers([EXAMPLES, 6], 1).subarray(i * 6, i * 6 + CLASSES);
  return row.indexOf(Math.max(...row));
});
export const y = tf.tensor(Float32Array.from(classes), [EXAMPLES, 1]);
const oneHot = tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), CLASSES), 'float32');

export interface Whole {
  readonly model: () => layers.LayersModel;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly loss: string;
}

export const WHOLE: Record<string, Whole> = {
  'a network of dense layers with batch norm': {
    model: () =>
      layers.sequential({
        layers: [
          // Batch norm takes a bias away, which would be moved by rounding errors alone.
          of.dense({ units: 8, inputShape: [6], useBias: false }),
          of.batchNormalization({ momentum: 0.9 }),
          of.activation({ activation: 'relu' }),
          of.dense({ units: CLASSES, activation: 'softmax' }),
        ],
      }),
    ...{ x, y, loss: 'sparseCategoricalCrossentropy' },
  },
  'words that are looked up, normalised and averaged': {
    model: () =>
      layers.sequential({
        layers: [
          of.embedding({ inputDim: 9, outputDim: 6, inputLength: 5 }),
          of.layerNormalization(),
          of.dense({ units: 7, activation: 'gelu' }),
          of.globalAveragePooling1d(),
          of.dense({ units: 1, activation: 'sigmoid' }),
        ],
      }),
    x: tf.tensor(
      Array.from({ length: EXAMPLES * 5 }, (_, i) => (i * i) % 9),
      [EXAMPLES, 5],
    ),
    y: tf.tensor(
      Array.from({ length: EXAMPLES }, (_, i) => i % 2),
      [EXAMPLES, 1],
    ),
    loss: 'binaryCrossentropy',
  },
  'a functional graph with a way around, within another model': {
    model: () => {
      const inner = layers.sequential({
        layers: [of.dense({ units: 6, inputShape: [6], activation: 'tanh' })],
      });
      const input = layers.input({ shape: [6] });
      const around = of.add().apply([input, inner.apply(input)] as layers.SymbolicTensor[]);
      const last = of.dense({ units: CLASSES, activation: 'softmax' });
      const output = last.apply(around as layers.SymbolicTensor) as layers.SymbolicTensor;
      return layers.model({ inputs: input, outputs: output });
    },
    ...{ x, y: oneHot, loss: 'categoricalCrossentropy' },
  },
};

export const IMAGES = tf.tensor(numbers([EXAMPLES, 8, 6, 2], 4), [EXAMPLES, 8, 6, 2]);

WHOLE['images through convolutions and pools'] = {
  model: () =>
    layers.sequential({
      layers: [
        of.conv2d({
          filters: 4,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          inputShape: [8, 6, 2],
        }),
        of.maxPooling2d({ poolSize: 2 }),
        of.conv2d({ filters: 5, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
        of.flatten(),
        of.dense({ units: CLASSES, activation: 'softmax' }),
      ],
    }),
  ...{ x: IMAGES, y, loss: 'sparseCategoricalCrossentropy' },
};

const { l1, l2, l1l2 } = layers.regularizers;

WHOLE['weights that are regularized, of a layer that is used twice among them'] = {
  model: () => {
    const input = layers.input({ shape: [6] });
    const twice = of.dense({ units: 6, kernelRegularizer: l2({ l2: 0.03 }), activation: 'tanh' });
    const first = twice.apply(input) as layers.SymbolicTensor;
    const second = twice.apply(first) as layers.SymbolicTensor;
    const normal = of.batchNormalization({ gammaRegularizer: l1({ l1: 0.02 }) });
    const last = of.dense({
      ...{ units: CLASSES, activation: 'softmax', kernelRegularizer: 'l1l2' },
      biasRegularizer: l1l2({ l1: 0.01, l2: 0.05 }),
    });
    const output = last.apply(normal.apply(second)) as layers.SymbolicTensor;
    return layers.model({ inputs: input, outputs: output });
  },
  ...{ x, y, loss: 'sparseCategoricalCrossentropy' },
};

export const compiled = (
  { model, loss }: Whole,
  optimizer: string | tf.Optimizer = 'adam',
): layers.LayersModel => {
  const made = model();
  stir(made);
  made.compile({ optimizer, loss, metrics: ['accuracy'] });
  return made;
};

export const weightsOf = (model: layers.LayersModel): number[][] =>
  model.getWeights().map((weight) => [...weight.dataSync()]);

export const expectClose = (found: number[][], expected: number[][], within: number): void => {
  for (const [at, each] of expected.entries())
    for (const [i, value] of each.entries())
      expect(Math.abs(found[at]![i]! - value), `weight ${at}, element ${i}`).toBeLessThan(within);
};

export const reference = await loadBackend('reference');
