import { UsageError } from '@sketchgrad/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, it, vi } from 'vitest';
import type { FitOptions } from '../src/index.js';
import * as sketchgrad from '../src/index.js';
import {
  classes,
  compiled,
  EXAMPLES,
  expectClose,
  reference,
  WHOLE,
  weightsOf,
  x,
  y,
} from './models.js';

const { layers: of } = layers;

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
    expect(Object.keys(run.history).sort()).toEqual(Object.keys(expected.history).sort());
    for (const name of ['loss', 'acc', 'val_loss', 'val_acc'])
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
    const epoch = (at: number) => ['batch 0 true', 'batch 1 true', `epoch ${at} loss,acc`];
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

/** A regularizer of a program's own. */
class Own extends (layers.regularizers.l2({ l2: 1 }).constructor as new () => object) {
  static readonly className = 'Own';
}

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
        run(
          single(
            of.dense({
              units: 1,
              inputShape: [6],
              name: 'a',
              kernelRegularizer: new Own() as never,
            }),
          ),
        ),
      /'a' has the kernelRegularizer Own, which is not supported; supported are l1, l2 and l1l2/,
    ],
    [
      'a constraint',
      () =>
        run(single(of.dense({ units: 1, inputShape: [6], name: 'a', kernelConstraint: 'nonNeg' }))),
      /'a' has a kernelConstraint/,
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
      /metric is 'auc'; supported are accuracy, acc, /,
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

  it.each([
    ['a class', () => tf.train.adadelta(0.1), /optimizer is Adadelta; supported are Adam, SGD/],
    [
      'a setting',
      () => tf.train.rmsprop(0.1, 0.9, 0, 1e-7, true),
      /an RMSProp that is centred, which is not supported/,
    ],
  ])('an optimizer: %s', async (_, optimizer, message) => {
    await expect(run(compiled(whole, optimizer()))).rejects.toThrow(message);
  });
});
