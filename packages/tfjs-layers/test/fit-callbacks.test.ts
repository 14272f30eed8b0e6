import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import * as sketchgrad from '../src/index.js';
import { numbers } from './gradients.js';
import { compiled, EXAMPLES, expectClose, reference, WHOLE, weightsOf, x, y } from './models.js';

const whole = WHOLE['a network of dense layers with batch norm']!;
const settings = { batchSize: 8, shuffle: false };
const validationData: [tf.Tensor, tf.Tensor] = [x, y];

/** What a callback is told, in order, by a `fit` of either kind. */
async function told(
  train: (callbacks: layers.CustomCallbackArgs) => Promise<unknown>,
  stopAt?: { readonly model: layers.LayersModel; readonly call: number },
): Promise<string[]> {
  const all: string[] = [];
  const tell = (name: string) => async (at?: unknown, logs?: layers.Logs) => {
    const numbers = Object.entries(logs ?? {}).map(
      ([key, value]) => `${key} ${Number(value).toFixed(3)}`,
    );
    all.push([name, ...(typeof at === 'number' ? [at] : []), ...numbers.sort()].join(' '));
    if (stopAt && all.length === stopAt.call) stopAt.model.stopTraining = true;
  };
  const names = ['TrainBegin', 'TrainEnd', 'EpochBegin', 'EpochEnd', 'BatchBegin', 'BatchEnd'];
  await train(Object.fromEntries(names.map((name) => [`on${name}`, tell(name)])));
  return all;
}

describe('callbacks', () => {
  it('are told what model.fit tells them, when it does', async () => {
    const theirs = compiled(whole);
    const expected = await told((callbacks) =>
      theirs.fit(x, y, { ...settings, epochs: 2, validationData, callbacks, verbose: 0 }),
    );
    const model = compiled(whole);
    const found = await told((callbacks) =>
      sketchgrad.fit(model, x, y, {
        ...{ ...settings, epochs: 2, validationData, backend: reference },
        callbacks: callbacks as sketchgrad.FitCallbacks,
      }),
    );
    expect(found).toEqual(expected);
  });

  // After the second batch of the second epoch, and after the first epoch.
  it.each([13, 8])('end it by model.stopTraining, at call %d', async (call) => {
    const options = { ...settings, epochs: 4 };
    const theirs = compiled(whole);
    const expected = await told(
      (callbacks) => theirs.fit(x, y, { ...options, callbacks, verbose: 0 }),
      { model: theirs, call },
    );
    const model = compiled(whole);
    const found = await told(
      (callbacks) =>
        sketchgrad.fit(model, x, y, {
          ...{ ...options, backend: reference },
          callbacks: callbacks as sketchgrad.FitCallbacks,
        }),
      { model, call },
    );
    // TensorFlow.js tells nothing of an epoch that ends early but what it was told of batches.
    const names = (lines: string[]) => lines.map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(names(found)).toEqual(names(expected));
    expectClose(weightsOf(model), weightsOf(theirs), 2e-5);
  });

  it('of TensorFlow.js are taken, alone and beside others: early stopping ends as there', async () => {
    const other = tf.tensor(numbers([EXAMPLES, 6], 9), [EXAMPLES, 6]);
    const options = {
      ...settings,
      epochs: 30,
      validationData: [other, y] as [tf.Tensor, tf.Tensor],
    };
    const stopping = () => layers.callbacks.earlyStopping({ monitor: 'val_loss', patience: 2 });
    const theirs = compiled(whole, tf.train.adam(0.05));
    const expected = await theirs.fit(x, y, { ...options, callbacks: stopping(), verbose: 0 });
    const epochs = expected.epoch.length;
    expect(epochs).toBeGreaterThan(2);
    expect(epochs).toBeLessThan(30);
    for (const callbacks of [stopping(), [stopping(), { onEpochEnd: () => undefined }]]) {
      const model = compiled(whole, tf.train.adam(0.05));
      const run = await sketchgrad.fit(model, x, y, { ...options, backend: reference, callbacks });
      expect(run.epoch).toHaveLength(epochs);
      expectClose(weightsOf(model), weightsOf(theirs), 1e-4);
    }
  });

  it('of another name are refused', async () => {
    const callbacks = { onEpochEnds: () => undefined } as never;
    await expect(
      sketchgrad.fit(compiled(whole), x, y, { backend: reference, callbacks }),
    ).rejects.toThrow(/callbacks has no option 'onEpochEnds'.*onEpochEnd/);
  });
});

describe('metrics', () => {
  it.each([
    ['meanSquaredError', ['mse', 'mae', 'accuracy', 'binaryAccuracy']],
    ['categoricalCrossentropy', ['acc', 'ce', 'categoricalAccuracy', 'precision', 'MSE']],
    ['binaryCrossentropy', ['accuracy', 'crossentropy', 'categoricalCrossentropy']],
  ])('are those of model.fit, of %s', async (loss, metrics) => {
    const oneHot = WHOLE['a functional graph with a way around, within another model']!;
    const modelOf = () => {
      const model = compiled(oneHot);
      model.compile({ optimizer: 'adam', loss, metrics });
      return model;
    };
    const options = {
      ...settings,
      epochs: 2,
      validationData: [x, oneHot.y] as [tf.Tensor, tf.Tensor],
    };
    const { history } = await modelOf().fit(x, oneHot.y, { ...options, verbose: 0 });
    const run = await sketchgrad.fit(modelOf(), x, oneHot.y, { ...options, backend: reference });
    expect(Object.keys(run.history).sort()).toEqual(Object.keys(history).sort());
    for (const [name, values] of Object.entries(history))
      for (const [epoch, value] of (values as number[]).entries())
        expect(run.history[name]![epoch], name).toBeCloseTo(value, 4);
    expect(run.best!.metrics).toHaveProperty(metrics[0] === 'accuracy' ? 'acc' : metrics[0]!);
  });
});
