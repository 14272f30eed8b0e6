import { UsageError } from '@sketchgrad/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import * as sketchgrad from '../src/index.js';
import { numbers, stir } from './gradients.js';
import { CLASSES, EXAMPLES, expectClose, reference, weightsOf, x, y } from './models.js';

const { layers: of } = layers;

const LOSSES = { classes: 'sparseCategoricalCrossentropy', size: 'meanSquaredError' };
const size = tf.tensor(numbers([EXAMPLES, 2], 8), [EXAMPLES, 2]);

/** Two inputs, of which two outputs are made that have a layer in common. */
function modelOf(loss: layers.ModelCompileArgs['loss'], metrics?: unknown): layers.LayersModel {
  const [a, b] = [6, 2].map((count, at) => layers.input({ shape: [count], name: `in${at}` }));
  const all = of.concatenate().apply([a!, b!]) as layers.SymbolicTensor;
  const shared = of.dense({ units: 7, activation: 'tanh' }).apply(all) as layers.SymbolicTensor;
  const classes = of.dense({ units: CLASSES, activation: 'softmax', name: 'classes' });
  const sizes = of.dense({ units: 2, name: 'size', kernelRegularizer: 'l1l2' });
  const outputs = [classes, sizes].map((last) => last.apply(shared) as layers.SymbolicTensor);
  const model = layers.model({ inputs: [a!, b!], outputs });
  stir(model);
  model.compile({ optimizer: 'adam', loss, metrics: metrics as string[] });
  return model;
}

const inputs = [x, size];
const targets = [y, size];
const settings = { batchSize: 8, epochs: 3, shuffle: false };

describe('a model of several inputs and outputs', () => {
  it.each([
    ['losses by name, a metric of one', LOSSES, { classes: 'accuracy', size: ['mse', 'mae'] }],
    ['losses in order, no metrics', Object.values(LOSSES), undefined],
  ])('ends as model.fit does: %s', async (_, loss, metrics) => {
    const theirs = modelOf(loss, metrics);
    const { history } = await theirs.fit(inputs, targets, { ...settings, verbose: 0 });
    const model = modelOf(loss, metrics);
    const run = await sketchgrad.fit(model, inputs, targets, { ...settings, backend: reference });
    expectClose(weightsOf(model), weightsOf(theirs), 2e-5);
    expect(Object.keys(run.history).sort()).toEqual(Object.keys(history).sort());
    for (const [name, values] of Object.entries(history))
      for (const [epoch, value] of (values as number[]).entries())
        expect(run.history[name]![epoch], name).toBeCloseTo(value, 4);
  });

  it('takes and judges them by name, and its losses weighed', async () => {
    const named = (names: string[], tensors: tf.Tensor[]) =>
      Object.fromEntries(names.map((name, at) => [name, tensors[at]!]));
    const given = [named(['in0', 'in1'], inputs), named(['classes', 'size'], targets)] as const;
    const fitted = async (lossWeights: sketchgrad.LossWeights) => {
      const model = modelOf(LOSSES, { size: 'mse' });
      const run = await sketchgrad.fit(model, ...given, {
        ...{ ...settings, backend: reference, lossWeights, validationData: given },
      });
      return { run, weights: weightsOf(model) };
    };
    const { run, weights } = await fitted({ classes: 2, size: 0.5 });
    const [first] = run.history.loss!;
    const { history } = run;
    // The penalty is in the loss of training alone.
    expect(first).toBeGreaterThan(2 * history.classes_loss![0]! + 0.5 * history.size_loss![0]!);
    for (const epoch of [0, 1, 2]) {
      const [whole, classes, own] = ['val_loss', 'val_classes_loss', 'val_size_loss'].map(
        (name) => history[name]![epoch]!,
      );
      expect(whole).toBeCloseTo(2 * classes! + 0.5 * own!, 5);
      expect(history.val_size_mse![epoch]).toBeCloseTo(own!, 6);
    }
    expect((await fitted([2, 0.5])).weights).toEqual(weights);
    // Nothing of an output that weighs nothing reaches its own layer.
    const alone = modelOf(LOSSES);
    const before = weightsOf(alone).slice(2, 4);
    await sketchgrad.fit(alone, ...given, { ...settings, backend: reference, lossWeights: [0, 1] });
    expect(weightsOf(alone).slice(2, 4)).toEqual(before);
  });

  it.each([
    ['a loss of no output', { loss: { classe: 'mse', size: 'mse' } }, /has an entry 'classe': the/],
    ['no loss of one', { loss: { size: 'mse' } }, /loss says nothing of 'classes'/],
    [
      'too few losses',
      { loss: ['mse'] },
      /loss has 1 entries: the model has the outputs classes, /,
    ],
    ['a weight that is none', { lossWeights: [1, -1] }, /loss weight of 'size' must be a number/],
    ['a metric of no output', { metrics: { siz: 'mse' } }, /metrics has an entry 'siz'/],
    [
      'a metric of other targets',
      { metrics: { classes: 'mse' } },
      /the metric mse takes values as targets, and the loss of 'classes', sparse/,
    ],
  ])('refuses %s', async (_, wrong, message) => {
    const options = { ...settings, backend: reference, ...wrong };
    const failed = sketchgrad.fit(modelOf(LOSSES), inputs, targets, options as never);
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.toThrow(message);
  });

  it.each([
    ['one tensor', x, /the training data's x is one tensor, the model has 2: in0, in1/],
    ['too many', [x, x, x], /x has 3 tensors, the model has 2/],
    ['another name', { in0: x, in2: size }, /x has an entry 'in2', the model has 2/],
    ['none of a name', { in0: x }, /x\[1\] must be a tensor/],
  ])('refuses %s for its inputs', async (_, given, message) => {
    const options = { ...settings, backend: reference };
    const failed = sketchgrad.fit(modelOf(LOSSES), given as never, targets, options);
    await expect(failed).rejects.toThrow(message);
  });
});
