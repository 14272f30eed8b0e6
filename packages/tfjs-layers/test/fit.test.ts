import { count, loadBackend, quantized, rmm, UsageError } from '@sketchgrad/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, it, vi } from 'vitest';
import type { FitOptions } from '../src/index.js';
import * as sketchgrad from '../src/index.js';
import { numbers, stir } from './gradients.js';

const { layers: of } = layers;

const EXAMPLES = 20;
const CLASSES = 3;

/** Numbers of which the class is a function. */
const x = tf.tensor(numbers([EXAMPLES, 6], 1), [EXAMPLES, 6]);
const classes = Int32Array.from({ length: EXAMPLES }, (_, i) => {
  const row = numbers([EXAMPLES, 6], 1).subarray(i * 6, i * 6 + CLASSES);
  return row.indexOf(Math.max(...row));
});
const y = tf.tensor(Float32Array.from(classes), [EXAMPLES, 1]);
const oneHot = tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), CLASSES), 'float32');

interface Whole {
  readonly model: () => layers.LayersModel;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly loss: string;
}

const WHOLE: Record<string, Whole> = {
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

const IMAGES = tf.tensor(numbers([EXAMPLES, 8, 6, 2], 4), [EXAMPLES, 8, 6, 2]);

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

const compiled = ({ model, loss }: Whole): layers.LayersModel => {
  const made = model();
  stir(made);
  made.compile({ optimizer: 'adam', loss, metrics: ['accuracy'] });
  return made;
};

const weightsOf = (model: layers.LayersModel): number[][] =>
  model.getWeights().map((weight) => [...weight.dataSync()]);

const expectClose = (found: number[][], expected: number[][], within: number): void => {
  for (const [at, each] of expected.entries())
    for (const [i, value] of each.entries())
      expect(Math.abs(found[at]![i]! - value), `weight ${at}, element ${i}`).toBeLessThan(within);
};

const reference = await loadBackend('reference');

describe('fit', () => {
  it.each(Object.entries(WHOLE))('ends as model.fit does: %s', async (_, whole) => {
    const validation: [tf.Tensor, tf.Tensor] = [whole.x, whole.y];
    const settings = { batchSize: 8, epochs: 3, shuffle: false, validationData: validation };
    const theirs = compiled(whole);
    const expected = await theirs.fit(whole.x, whole.y, { ...settings, verbose: 0 });
    const model = compiled(whole);
    const before = tf.memory().numTensors;
    const run = await sketchgrad.fit(model, whole.x, whole.y, { ...settings, backend: reference });
    expectClose(weightsOf(model), weightsOf(theirs), 2e-5);
    for (const name of ['loss', 'val_loss', 'val_acc'])
      for (const [epoch, value] of (expected.history[name] as number[]).entries())
        expect(run.history[name]![epoch], name).toBeCloseTo(value, 4);
    // The running means of Adam, two of each weight that is trained.
    expect(tf.memory().numTensors - before).toBe(2 * model.trainableWeights.length);
    await theirs.fit(whole.x, whole.y, { batchSize: 8, epochs: 1, shuffle: false, verbose: 0 });
    await model.fit(whole.x, whole.y, { batchSize: 8, epochs: 1, shuffle: false, verbose: 0 });
    expectClose(weightsOf(model), weightsOf(theirs), 5e-5);
  });

  const whole = WHOLE['a network of dense layers with batch norm']!;

  it('leaves weights alone that are not trained', async () => {
    const model = compiled(whole);
    model.layers[0]!.trainable = false;
    await sketchgrad.fit(model, x, y, { backend: reference, epochs: 2 });
    const frozen = model.layers[0]!.getWeights().map((weight) => [...weight.dataSync()]);
    const same = compiled(whole)
      .layers[0]!.getWeights()
      .map((weight) => [...weight.dataSync()]);
    expect(frozen).toEqual(same);
  });

  it('takes estimators, and budgets in their place', async () => {
    const wide = () => {
      const model = layers.sequential({
        layers: [
          of.dense({ units: 64, inputShape: [6] }),
          of.dense({ units: 64 }),
          of.dense({ units: CLASSES, activation: 'softmax' }),
        ],
      });
      model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
      return model;
    };
    const options: FitOptions = { backend: reference, everyLayer: true, recompute: 'none' };
    const dense = await sketchgrad.fit(wide(), x, y, options);
    const sketched = await sketchgrad.fit(wide(), x, y, {
      ...options,
      estimator: rmm({ sketch: count(), rate: 0.2 }),
    });
    const coded = await sketchgrad.fit(wide(), x, y, {
      ...options,
      estimator: quantized({ bits: 4 }),
    });
    expect(sketched.plan.keptBytes).toBeLessThan(dense.plan.keptBytes);
    expect(coded.plan.keptBytes).toBeLessThan(dense.plan.keptBytes);
    const budget = Math.round((dense.plan.keptBytes + coded.plan.keptBytes) / 2);
    const within = await sketchgrad.fit(wide(), x, y, {
      ...options,
      everyLayer: false,
      memoryBudget: budget,
      budgetOf: 'kept',
    });
    expect(within.plan.keptBytes).toBeLessThanOrEqual(budget);
  });

  it('tells callbacks as it goes, and waits for them', async () => {
    const told: string[] = [];
    const tell = async (text: string): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      told.push(text);
    };
    await sketchgrad.fit(compiled(whole), x, y, {
      ...{ backend: reference, epochs: 2, batchSize: 10 },
      callbacks: {
        onTrainBegin: () => tell('begin'),
        onBatchEnd: (batch, { loss }) => tell(`batch ${batch} ${Number.isFinite(loss)}`),
        onEpochEnd: (epoch, logs) => tell(`epoch ${epoch} ${Object.keys(logs).join()}`),
        onTrainEnd: () => tell('end'),
      },
    });
    const epoch = (at: number) => ['batch 0 true', 'batch 1 true', `epoch ${at} loss`];
    expect(told).toEqual(['begin', ...epoch(0), ...epoch(1), 'end']);
  });

  it('gives back weights that predict and can be saved', async () => {
    const model = compiled(whole);
    await sketchgrad.fit(model, x, y, {
      backend: reference,
      epochs: 60,
      learningRate: 0.05,
      optimizer: {},
    });
    const predicted = [...tf.argMax(model.predict(x) as tf.Tensor, -1).dataSync()];
    const right = predicted.filter((value, i) => value === classes[i]).length;
    expect(right).toBeGreaterThanOrEqual(18);
    const save = vi.fn(() => Promise.resolve({}));
    await model.save({ save: save as never });
    expect(save).toHaveBeenCalledOnce();
  });
});

describe('what cannot be trained is refused by its name', () => {
  const run = (model: layers.LayersModel, more: Partial<FitOptions> = {}, data = x, targets = y) =>
    sketchgrad.fit(model, data, targets, { backend: reference, ...more });
  const single = (...made: layers.layers.Layer[]) => {
    const model = layers.sequential({ layers: made });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    return model;
  };
  const whole = WHOLE['a network of dense layers with batch norm']!;

  it.each([
    [
      'a layer',
      () => run(single(of.repeatVector({ n: 2, inputShape: [6], name: 'again' }))),
      /'again' is a RepeatVector.*supported are InputLayer, Dense/,
    ],
    [
      'a regularizer',
      () =>
        run(single(of.dense({ units: 1, inputShape: [6], name: 'a', kernelRegularizer: 'l1l2' }))),
      /'a' has a kernelRegularizer/,
    ],
    [
      'an axis',
      () => run(single(of.batchNormalization({ axis: 1, inputShape: [3, 2], name: 'b' }))),
      /'b' normalises along axis 1; supported is the last one, 2/,
    ],
    [
      'a loss',
      () => run(compiled(whole), { loss: 'hinge' }),
      /loss is 'hinge'; supported are mean/,
    ],
    [
      'a metric',
      () => run(compiled(whole), { metrics: ['auc'] }),
      /metric is auc; supported is acc/,
    ],
    [
      'an option',
      () => run(compiled(whole), { batchSiz: 3 } as never),
      /fit has no option 'batchSiz'.*batchSize/,
    ],
    [
      'a shape',
      () => run(compiled(whole), {}, tf.zeros([4, 5])),
      /the training data's x must be a tensor \[examples, 6\], but it is \[4, 5\]/,
    ],
    [
      'targets of another count',
      () => run(compiled(whole), {}, x, tf.zeros([4, 1])),
      /20 examples in its first input and 4 elsewhere/,
    ],
    [
      'a class that is none',
      () => run(compiled(whole), {}, x, tf.fill([EXAMPLES, 1], 0.5)),
      /y has 0.5 at position 0, which is no whole number/,
    ],
  ])('%s', async (_, attempt, message) => {
    const failed = attempt();
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.toThrow(message);
  });

  it('an optimizer', async () => {
    const model = whole.model();
    model.compile({ optimizer: 'sgd', loss: whole.loss });
    await expect(run(model)).rejects.toThrow(/optimizer is SGD; compile it with 'adam'/);
  });
});
