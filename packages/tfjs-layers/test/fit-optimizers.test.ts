import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import * as sketchgrad from '../src/index.js';
import { compiled, expectClose, reference, WHOLE, weightsOf, x, y } from './models.js';

const OPTIMIZERS: Readonly<Record<string, () => tf.Optimizer>> = {
  SGD: () => tf.train.sgd(0.1),
  Momentum: () => tf.train.momentum(0.05, 0.8),
  'Nesterov’s momentum': () => tf.train.momentum(0.05, 0.8, true),
  RMSProp: () => tf.train.rmsprop(0.01, 0.8),
  'RMSProp with a momentum': () => tf.train.rmsprop(0.01, 0.8, 0.5, 1e-3),
  Adagrad: () => tf.train.adagrad(0.1, 0.3),
};

const whole = WHOLE['a network of dense layers with batch norm']!;

describe('fit', () => {
  it.each(Object.entries(OPTIMIZERS))(
    'ends as model.fit does, and goes on there, with %s',
    async (_, optimizer) => {
      const settings = { batchSize: 8, epochs: 3, shuffle: false };
      const theirs = compiled(whole, optimizer());
      const { history } = await theirs.fit(x, y, { ...settings, verbose: 0 });
      const model = compiled(whole, optimizer());
      const before = tf.memory().numTensors;
      const run = await sketchgrad.fit(model, x, y, { ...settings, backend: reference });
      expectClose(weightsOf(model), weightsOf(theirs), 2e-5);
      for (const [epoch, value] of (history.loss as number[]).entries())
        expect(run.history.loss![epoch]).toBeCloseTo(value, 4);
      // The same tensors beside the weights as model.fit has left.
      const kept = (await theirs.optimizer.getWeights()).length - 1;
      expect(tf.memory().numTensors - before).toBe(kept + 1);
      await theirs.fit(x, y, { ...settings, verbose: 0 });
      await model.fit(x, y, { ...settings, verbose: 0 });
      expectClose(weightsOf(model), weightsOf(theirs), 5e-5);
    },
  );

  it.each(Object.entries({ Adam: () => tf.train.adam(0.01), ...OPTIMIZERS }))(
    'goes on from a model.fit and from itself, with %s',
    async (_, optimizer) => {
      const settings = { batchSize: 8, shuffle: false };
      const theirs = compiled(whole, optimizer());
      for (const epochs of [2, 1, 3]) await theirs.fit(x, y, { ...settings, epochs, verbose: 0 });
      const model = compiled(whole, optimizer());
      await model.fit(x, y, { ...settings, epochs: 2, verbose: 0 });
      const before = tf.memory().numTensors;
      for (const epochs of [1, 3])
        await sketchgrad.fit(model, x, y, { ...settings, epochs, backend: reference });
      expect(tf.memory().numTensors).toBe(before);
      expectClose(weightsOf(model), weightsOf(theirs), 5e-5);
      const [ours, wanted] = await Promise.all(
        [model, theirs].map(async (each) => (await each.optimizer.getWeights())[0]!.tensor.data()),
      );
      expect(ours).toEqual(wanted);
    },
  );

  it('begins anew, and says so, where what was kept is of other weights', async () => {
    const model = compiled(whole);
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    model.layers[0]!.trainable = false;
    const warnings: string[] = [];
    const onWarning = (message: string) => void warnings.push(message);
    await sketchgrad.fit(model, x, y, { backend: reference, onWarning });
    expect(warnings).toEqual([expect.stringMatching(/Adam has kept means of other weights/)]);
  });

  it('takes another optimizer than the compiled one, which is left as it was', async () => {
    const model = compiled(whole, tf.train.momentum(0.05, 0.8));
    const options = { backend: reference, optimizer: { kind: 'sgd', momentum: 0.5 } } as const;
    await sketchgrad.fit(model, x, y, { ...options, learningRate: 0.1 });
    const other = compiled(whole, tf.train.momentum(0.1, 0.5));
    await sketchgrad.fit(other, x, y, { backend: reference });
    expect(weightsOf(model)).toEqual(weightsOf(other));
    const adam = compiled(whole);
    await sketchgrad.fit(adam, x, y, { ...options, learningRate: 0.1 });
    expect(weightsOf(adam)).toEqual(weightsOf(other));
    expect(await adam.optimizer.getWeights()).toHaveLength(1);
  });
});
