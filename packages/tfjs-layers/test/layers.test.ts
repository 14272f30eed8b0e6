import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { LAYER_KINDS } from '../src/layers/index.js';
import { LOSSES, numbers, ours, stir, tensorFlows } from './gradients.js';

const { layers: of } = layers;

interface Case {
  readonly shape: readonly number[];
  readonly make: () => layers.layers.Layer | layers.layers.Layer[];
  /** Inputs that are indices below this. */
  readonly indices?: number;
  /** Why TensorFlow.js' own gradient is none to be compared with: the loss alone is. */
  readonly lossAlone?: string;
}

const activations = [
  ...['elu', 'gelu', 'gelu_new', 'hardSigmoid', 'linear', 'mish', 'relu', 'relu6', 'selu'],
  ...['sigmoid', 'softmax', 'softplus', 'softsign', 'swish', 'tanh'],
] as const;

const CASES: Record<string, Case> = {
  Dense: { shape: [5], make: () => of.dense({ units: 4, activation: 'tanh' }) },
  'Dense over the last of three axes': { shape: [3, 5], make: () => of.dense({ units: 4 }) },
  'Dense without a bias': { shape: [5], make: () => of.dense({ units: 4, useBias: false }) },
  Embedding: { shape: [3], indices: 7, make: () => of.embedding({ inputDim: 7, outputDim: 4 }) },
  LayerNormalization: { shape: [3, 5], make: () => of.layerNormalization() },
  BatchNormalization: { shape: [3, 5], make: () => of.batchNormalization({ epsilon: 0.01 }) },
  'Dropout of nothing': {
    shape: [5],
    make: () => [of.dense({ units: 4 }), of.dropout({ rate: 0 })],
  },
  ReLU: { shape: [5], make: () => [of.dense({ units: 4 }), of.reLU()] },
  'ReLU up to a half': {
    shape: [5],
    make: () => [of.dense({ units: 4 }), of.reLU({ maxValue: 0.5 })],
  },
  LeakyReLU: { shape: [5], make: () => [of.dense({ units: 4 }), of.leakyReLU({ alpha: 0.2 })] },
  PReLU: { shape: [5], make: () => of.prelu() },
  ELU: { shape: [5], make: () => [of.dense({ units: 4 }), of.elu()] },
  Softmax: { shape: [5], make: () => [of.dense({ units: 4 }), of.softmax({ axis: -1 })] },
  Conv1D: {
    shape: [7, 2],
    make: () =>
      of.conv1d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'tanh' }),
  },
  'Conv1D with gaps': {
    shape: [7, 2],
    make: () => of.conv1d({ filters: 3, kernelSize: 2, dilationRate: 2, useBias: false }),
    lossAlone: 'it has no gradient of gaps',
  },
  Conv2D: {
    shape: [5, 6, 2],
    make: () => of.conv2d({ filters: 3, kernelSize: [3, 2], padding: 'same', activation: 'tanh' }),
  },
  'Conv2D of strides': {
    shape: [5, 6, 2],
    make: () => of.conv2d({ filters: 3, kernelSize: 3, strides: [2, 1] }),
  },
  'Conv2D of single pixels': {
    shape: [3, 2, 4],
    make: () => of.conv2d({ filters: 3, kernelSize: 1 }),
  },
  MaxPooling1D: {
    shape: [7, 2],
    make: () => [of.dense({ units: 4 }), of.maxPooling1d({ poolSize: 2 })],
  },
  AveragePooling1D: {
    shape: [7, 2],
    make: () => [of.dense({ units: 4 }), of.averagePooling1d({ poolSize: 3, strides: 1 })],
  },
  MaxPooling2D: {
    shape: [5, 4, 2],
    make: () => [of.dense({ units: 4 }), of.maxPooling2d({ poolSize: 2, padding: 'same' })],
  },
  'MaxPooling2D over one another': {
    shape: [5, 4, 2],
    make: () => [of.dense({ units: 4 }), of.maxPooling2d({ poolSize: [3, 2], strides: [1, 2] })],
  },
  AveragePooling2D: {
    shape: [5, 4, 2],
    make: () => [
      of.dense({ units: 4 }),
      of.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
    ],
    lossAlone: 'it shares a cotangent out over what is beyond the image, too',
  },
  GlobalMaxPooling1D: {
    shape: [3, 5],
    make: () => [of.dense({ units: 4 }), of.globalMaxPooling1d()],
  },
  GlobalMaxPooling2D: {
    shape: [3, 2, 5],
    make: () => [of.dense({ units: 4 }), of.globalMaxPooling2d({ dataFormat: 'channelsLast' })],
  },
  Permute: {
    shape: [2, 3, 4],
    make: () => [of.dense({ units: 5 }), of.permute({ dims: [3, 1, 2] })],
  },
  Flatten: { shape: [2, 3, 2], make: () => [of.flatten(), of.dense({ units: 4 })] },
  Reshape: {
    shape: [6],
    make: () => [of.reshape({ targetShape: [3, 2] }), of.dense({ units: 4 })],
  },
  GlobalAveragePooling1D: {
    shape: [3, 5],
    make: () => [of.dense({ units: 4 }), of.globalAveragePooling1d()],
  },
  GlobalAveragePooling2D: {
    shape: [3, 2, 5],
    make: () => [of.dense({ units: 4 }), of.globalAveragePooling2d({ dataFormat: 'channelsLast' })],
  },
  ...Object.fromEntries(
    activations.map((activation) => [
      `Activation ${activation}`,
      { shape: [5], make: () => [of.dense({ units: 4 }), of.activation({ activation })] },
    ]),
  ),
};

const EXAMPLES = 4;

const isClose = (found: readonly Float32Array[], expected: readonly Float32Array[]): void => {
  expect(found.length).toBe(expected.length);
  for (const [at, each] of expected.entries()) {
    const largest = Math.max(...each.map(Math.abs), 1e-3);
    for (const [i, value] of each.entries())
      expect(Math.abs(found[at]![i]! - value), `weight ${at}, element ${i}`).toBeLessThan(
        1e-4 * largest,
      );
  }
};

describe("a layer's loss and gradients are TensorFlow.js' own", () => {
  it.each(Object.entries(CASES))('%s', async (_, { shape, make, indices, lossAlone }) => {
    const made = [make()].flat();
    const input = layers.input({ shape: [...shape] });
    const output = made.reduce<layers.SymbolicTensor>(
      (value, layer) => layer.apply(value) as layers.SymbolicTensor,
      input,
    );
    const model = layers.model({ inputs: input, outputs: output });
    stir(model);
    const whole = [EXAMPLES, ...shape];
    const data = numbers(whole, 3).map((x, i) => (indices === undefined ? x : (i * 5) % indices));
    const x = tf.tensor(data, whole);
    const target = [EXAMPLES, ...(output.shape.slice(1) as number[])];
    const y = tf.tensor(numbers(target, 5), target);
    const found = await ours(model, [x], y, 'meanSquaredError');
    if (lossAlone) {
      const predicted = model.predict(x) as tf.Tensor;
      const loss = tf.mean(LOSSES.meanSquaredError!(y, predicted)).dataSync()[0]!;
      expect(found.loss).toBeCloseTo(loss, 5);
      return;
    }
    const expected = tensorFlows(model, [x], y, LOSSES.meanSquaredError!);
    expect(found.loss).toBeCloseTo(expected.loss, 5);
    isClose(found.gradients, expected.gradients);
  });

  it('of merged inputs, one of them shared', async () => {
    const inputs = [layers.input({ shape: [5] }), layers.input({ shape: [5] })];
    const shared = of.dense({ units: 4, activation: 'sigmoid' });
    const sides = inputs.map((each) => shared.apply(each) as layers.SymbolicTensor);
    const merged = [of.add(), of.multiply(), of.average()].map(
      (merge) => merge.apply(sides) as layers.SymbolicTensor,
    );
    const beside = of.concatenate().apply(merged) as layers.SymbolicTensor;
    const below = of.concatenate({ axis: 1 }).apply([beside, sides[0]!]) as layers.SymbolicTensor;
    const output = of.dense({ units: 4 }).apply(below) as layers.SymbolicTensor;
    const model = layers.model({ inputs, outputs: output });
    stir(model);
    const x = [1, 2].map((seed) => tf.tensor(numbers([EXAMPLES, 5], seed), [EXAMPLES, 5]));
    const y = tf.tensor(numbers([EXAMPLES, 4], 5), [EXAMPLES, 4]);
    const expected = tensorFlows(model, x, y, LOSSES.meanSquaredError!);
    const found = await ours(model, x, y, 'meanSquaredError');
    expect(found.loss).toBeCloseTo(expected.loss, 5);
    isClose(found.gradients, expected.gradients);
  });

  // TensorFlow.js has no gradient of these: its own differ by a scale of ones and a centre of zeros.
  it.each(['scale', 'center'] as const)('LayerNormalization without %s', async (part) => {
    const modelOf = (has: boolean) => {
      const normalization = of.layerNormalization({ [part]: has });
      const first = of.dense({ units: 4, inputShape: [5] });
      const model = layers.sequential({ layers: [first, normalization] });
      for (const [at, weight] of first.weights.entries())
        weight.write(tf.tensor(numbers(weight.shape as number[], at), weight.shape as number[]));
      return model;
    };
    const x = tf.tensor(numbers([EXAMPLES, 5], 3), [EXAMPLES, 5]);
    const y = tf.tensor(numbers([EXAMPLES, 4], 5), [EXAMPLES, 4]);
    const expected = tensorFlows(modelOf(true), [x], y, LOSSES.meanSquaredError!);
    const found = await ours(modelOf(false), [x], y, 'meanSquaredError');
    expect(found.loss).toBeCloseTo(expected.loss, 5);
    isClose(
      found.gradients,
      part === 'scale'
        ? [...expected.gradients.slice(0, 2), expected.gradients[3]!]
        : expected.gradients.slice(0, 3),
    );
  });

  it('every class of layers is among the cases', () => {
    const tried = Object.values(CASES).flatMap(({ make }) =>
      [make()].flat().map((layer) => layer.getClassName()),
    );
    const merging = ['Add', 'Multiply', 'Average', 'Concatenate', 'InputLayer'];
    expect(new Set([...tried, ...merging])).toEqual(new Set(LAYER_KINDS.keys()));
  });
});

describe("a loss' gradients are TensorFlow.js' own", () => {
  const shares = (rows: number, classes: number) =>
    numbers([rows, classes], 5).map(
      (_, i) => (((i % classes) + 1) * 2) / (classes * (classes + 1)),
    );
  const CASES = [
    ['meanSquaredError', 'linear', numbers([EXAMPLES, 3], 5)],
    ['meanAbsoluteError', 'linear', numbers([EXAMPLES, 3], 5)],
    ['categoricalCrossentropy', 'softmax', shares(EXAMPLES, 3)],
    ['categoricalCrossentropy', 'sigmoid', shares(EXAMPLES, 3)],
    ['binaryCrossentropy', 'sigmoid', shares(EXAMPLES, 3)],
    ['binaryCrossentropy', 'softmax', shares(EXAMPLES, 3)],
  ] as const;

  const modelOf = (activation: 'linear' | 'softmax' | 'sigmoid') => {
    const model = layers.sequential({
      layers: [
        of.dense({ units: 4, inputShape: [5], activation: 'tanh' }),
        of.dense({ units: 3, activation }),
      ],
    });
    stir(model);
    return model;
  };
  const x = tf.tensor(numbers([EXAMPLES, 5], 3), [EXAMPLES, 5]);

  it.each(CASES)('%s of %s', async (loss, activation, targets) => {
    const model = modelOf(activation);
    const y = tf.tensor(targets, [EXAMPLES, 3]);
    const expected = tensorFlows(model, [x], y, LOSSES[loss]!);
    const found = await ours(model, [x], y, loss);
    expect(found.loss).toBeCloseTo(expected.loss, 5);
    isClose(found.gradients, expected.gradients);
  });

  it.each(['softmax', 'sigmoid'] as const)(
    'sparseCategoricalCrossentropy of %s',
    async (activation) => {
      const model = modelOf(activation);
      const classes = [0, 2, 1, 2];
      const oneHot = tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), 3), 'float32');
      const expected = tensorFlows(model, [x], oneHot, LOSSES.categoricalCrossentropy!);
      const found = await ours(model, [x], tf.tensor1d(classes), 'sparseCategoricalCrossentropy');
      expect(found.loss).toBeCloseTo(expected.loss, 5);
      isClose(found.gradients, expected.gradients);
    },
  );
});
