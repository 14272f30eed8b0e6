import { input, type Model, multiply, observe, parameter, sum } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import { CheckpointMemory, type StepSource, type TrainOptions, train } from '../src/index.js';

interface Sizes {
  readonly numbers: number;
}

/** Weights times inputs, which a step in training lets be seen. */
const model: Model<Sizes> = {
  parameters: [{ name: 'weight', shape: [2], decay: false }],
  build({ training }) {
    const product = multiply(parameter('weight', [2]), input('x', [2]));
    if (training) observe('product', product);
    return { loss: sum(product) };
  },
  initialize: (state) => state.write('weight', Float32Array.of(1, 2)),
};

const batchOf = (at: number) => () => ({
  ...{ shape: { numbers: 2 }, examples: 1 },
  inputs: { x: Float32Array.of(at + 1, 1) },
});

/** Epochs of four steps. */
function source(change: Partial<StepSource<Sizes>> = {}): StepSource<Sizes> {
  return {
    ...{ model, configuration: {}, updatesPerEpoch: 4 },
    *updates() {
      for (let at = 0; at < 4; at++) yield { examples: 1, batches: [batchOf(at)] };
    },
    evaluation: {
      scores: [],
      batches: () => [batchOf(0)],
      judge: () => ({ add: () => undefined, scores: () => ({}) }),
    },
    ...change,
  };
}

const options = (more: Partial<TrainOptions>): TrainOptions => ({
  backend: createReferenceBackend(),
  ...{ epochs: 5, learningRate: 0.1, optimizer: { kind: 'sgd' }, ...more },
});

const whole = await train(source(), options({}));

describe('a run that is told to end', () => {
  it('ends within an epoch, which counts with the steps that it has', async () => {
    let steps = 0;
    const store = new CheckpointMemory();
    const epochs: [number, number][] = [];
    const run = await train(
      source(),
      options({
        checkpoint: { store },
        onStep: ({ step }) => (steps = step),
        onEpoch: ({ epoch, step }) => epochs.push([epoch, step]),
        stopWhen: () => steps >= 6,
      }),
    );
    expect(run.steps).toBe(6);
    expect(epochs).toEqual([
      [0, 4],
      [1, 6],
    ]);
    expect(run.loss).toHaveLength(2);
    expect(run.evaluations.map(({ step }) => step)).toEqual([4, 6]);
    const later = await train(source(), options({ checkpoint: { store }, resume: true }));
    expect(later.loss).toEqual(whole.loss);
    expect(later.evaluations).toEqual(whole.evaluations);
    expect(await later.state.read('weight')).toEqual(await whole.state.read('weight'));
  });

  it('ends after an epoch, judged where that was not its turn, and is saved', async () => {
    let epochs = 0;
    const store = new CheckpointMemory();
    const saved = { checkpoint: { store, everyEpochs: 5 }, evaluateEvery: 5 };
    const run = await train(
      source(),
      options({ ...saved, onEpoch: () => void epochs++, stopWhen: () => epochs >= 2 }),
    );
    expect(run.steps).toBe(8);
    expect(run.evaluations.map(({ step }) => step)).toEqual([8]);
    const later = await train(source(), options({ ...saved, resume: true }));
    expect(later.steps).toBe(20);
    expect(await later.state.read('weight')).toEqual(await whole.state.read('weight'));
  });
});

it('a source is told what each pass gave, and what the model lets be seen', async () => {
  const seen: [number, number[]][] = [];
  const own = source({
    onOutputs: ({ inputs }, { loss, product }) => {
      expect(loss![0]).toBeCloseTo(product![0]! + product![1]!, 6);
      seen.push([inputs.x![0]!, [...product!]]);
    },
  });
  await train(own, options({ epochs: 1, learningRate: 1e-12 }));
  expect(seen.map(([x]) => x)).toEqual([1, 2, 3, 4]);
  expect(seen[2]![1]).toEqual([3, 2]);
});
