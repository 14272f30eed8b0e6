import { createReferenceBackend } from '@sketchgrad/core/reference';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import * as sketchgrad from '../src/index.js';
import { reference } from './models.js';

const { layers: of } = layers;
const [x, y] = [tf.ones([4, 3]), tf.ones([4, 1])];

function model() {
  const made = layers.sequential({ layers: [of.dense({ units: 1, inputShape: [3] })] });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return made;
}

/** A backend, and how many of its states are alive. */
function counting() {
  const states = { alive: 0 };
  const backend = createReferenceBackend();
  const createState = backend.createState.bind(backend);
  backend.createState = () => {
    const state = createState();
    states.alive++;
    const dispose = state.dispose.bind(state);
    state.dispose = () => {
      states.alive--;
      return dispose();
    };
    return state;
  };
  return { backend, states };
}

it('leaves nothing on the backend', async () => {
  const { backend, states } = counting();
  await sketchgrad.fit(model(), x, y, { backend });
  expect(states.alive).toBe(0);
});

it('has the model as it is by then, for callbacks after an epoch', async () => {
  const trained = model();
  const losses: number[] = [];
  const judged = () => (trained.evaluate(x, y, { batchSize: 4 }) as tf.Scalar).dataSync()[0]!;
  const { history } = await sketchgrad.fit(trained, x, y, {
    ...{ backend: reference, epochs: 3 },
    callbacks: { onEpochEnd: () => void losses.push(judged()) },
  });
  // An epoch of one batch tells the loss before its update.
  expect(losses[0]).toBeCloseTo(history.loss![1]!, 5);
  expect(losses[1]).toBeCloseTo(history.loss![2]!, 5);
  expect(losses[2]).toBeCloseTo(judged(), 6);
});

it('refuses a model that is being trained, and has it trained again afterwards', async () => {
  const trained = model();
  const first = sketchgrad.fit(trained, x, y, { backend: reference });
  await expect(sketchgrad.fit(trained, x, y, { backend: reference })).rejects.toThrow(
    /is being trained/,
  );
  await expect(trained.fit(x, y)).rejects.toThrow(/another fit/);
  await first;
  await sketchgrad.fit(trained, x, y, { backend: reference });
});

it('refuses classes and indices that there are not, before anything is trained', async () => {
  const classifier = layers.sequential({
    layers: [
      of.embedding({ inputDim: 5, outputDim: 4, inputLength: 3 }),
      of.flatten(),
      of.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  classifier.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const words = tf.tensor2d([0, 1, 2, 4, 3, 2], [2, 3]);
  const given = { backend: reference };
  const fitted = (of: tf.Tensor, classes: number[]) =>
    sketchgrad.fit(classifier, of, tf.tensor1d(classes), given);
  await expect(fitted(words, [0, 2])).rejects.toThrow(
    "the training data's y has 2 at position 1, which is no whole number from 0 to 1",
  );
  await expect(fitted(tf.tensor2d([0, 1, 2, 4, 5, 2], [2, 3]), [0, 1])).rejects.toThrow(
    "the training data's x has 5 at position 4, which is no whole number from 0 to 4",
  );
  await fitted(words, [0, 1]);
});
