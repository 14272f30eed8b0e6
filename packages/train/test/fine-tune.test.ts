import {
  type DeviceState,
  gaussian,
  RECOMPUTE_MODES,
  rmm,
  type TensorData,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import fixtures from '../fixtures/pytorch.json' with { type: 'json' };
import {
  type EpochEvent,
  evaluate,
  type FineTuneOptions,
  fineTune,
  linearSchedule,
  type StepEvent,
  type TrainingRun,
} from '../src/index.js';
import { counting } from './counting-backend.js';
import { TinyModel, tinyData } from './tiny-model.js';

const backend = createReferenceBackend();

async function weights(model: TinyModel, { state }: TrainingRun) {
  const tensors: Record<string, TensorData> = {};
  for (const { name } of model.parameters) tensors[name] = await state.read(name);
  return tensors;
}

/** The run that fixtures/make_pytorch.py does. */
const asInPyTorch = {
  backend,
  data: tinyData({ count: 11 }),
  evaluation: { data: tinyData({ count: 11 }), metrics: ['accuracy'] },
  epochs: 3,
  batchSize: 4,
  learningRate: 0.05,
  clipNorm: 1,
  seed: 42,
} satisfies FineTuneOptions;

describe('fineTune', () => {
  it.each([{}, { accumulate: 2 }, { accumulate: 4 }])(
    "gives PyTorch's losses, weights and predictions, %o",
    async (options) => {
      const model = new TinyModel({ dropoutRate: 0 });
      const losses: number[] = [];
      const onStep = ({ loss }: StepEvent) => void losses.push(loss);
      const run = await fineTune(model, { ...asInPyTorch, ...options, onStep });
      const expected = fixtures.run;
      expect(losses.length).toBe(9);
      losses.forEach((loss, i) => {
        expect(loss).toBeCloseTo(expected.losses[i]!, 5);
      });
      const trained = await weights(model, run);
      for (const [i, { name }] of model.parameters.entries())
        trained[name]!.forEach((value, j) => {
          expect(value).toBeCloseTo(expected.parameters[i]![j]!, 4);
        });
      expect(run.predictions).toEqual(expected.predictions);
      const epoch = (losses[0]! * 4 + losses[1]! * 4 + losses[2]! * 3) / 11;
      expect(run.loss[0]).toBeCloseTo(epoch, 12);
      expect(run.loss.length).toBe(3);
      expect(run.steps).toBe(9);
    },
  );

  it('tells of each step and epoch', async () => {
    const steps: StepEvent[] = [];
    const epochs: EpochEvent[] = [];
    const schedule = linearSchedule({ warmup: 0.5 });
    const run = await fineTune(new TinyModel(), {
      ...asInPyTorch,
      schedule,
      onStep: (event) => steps.push(event),
      onEpoch: (event) => epochs.push(event),
    });
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(steps.map(({ epoch }) => epoch)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(steps.map(({ learningRate }) => learningRate)).toEqual(
      Array.from({ length: 9 }, (_, i) => 0.05 * schedule.factor(i, 9)),
    );
    for (const { totalSteps, secondsPerStep, etaSeconds, step, ...event } of steps) {
      expect(totalSteps).toBe(9);
      expect(secondsPerStep).toBeGreaterThan(0);
      expect(etaSeconds).toBeCloseTo(secondsPerStep * (9 - step), 9);
      expect(event.plannedPeakBytes).toBe(run.plan.peakBytes);
      expect(event.measuredPeakBytes).toBeGreaterThan(0);
    }
    expect(epochs.map(({ epoch, step, loss }) => [epoch, step, loss])).toEqual(
      run.loss.map((loss, epoch) => [epoch, 3 * epoch + 3, loss]),
    );
    expect(epochs.map(({ evaluation }) => evaluation)).toEqual(run.evaluations);
    expect(run.metrics).toEqual(run.evaluations[2]!.metrics);
    expect(run.measuredPeakBytes).toBe(run.plan.peakBytes);
    expect(run.plan.keptBytes).toBeGreaterThan(0);
    expect(run.secondsPerStep).toBeGreaterThan(0);
  });

  it('learns', async () => {
    const data = tinyData({ count: 24 });
    const run = await fineTune(new TinyModel({ dropoutRate: 0 }), {
      backend,
      data,
      evaluation: { data, metrics: ['accuracy', 'matthews'] },
      epochs: 40,
      batchSize: 8,
      learningRate: 0.05,
    });
    expect(run.loss.at(-1)).toBeLessThan(0.5 * run.loss[0]!);
    expect(run.metrics.accuracy).toBeGreaterThan(0.8);
    expect(Object.keys(run.metrics)).toEqual(['accuracy', 'matthews']);
  });

  it('ends with what is best where asked: weights, scores and predictions of one evaluation', async () => {
    const model = new TinyModel({ dropoutRate: 0 });
    const metrics = ['accuracy'] as const;
    const judged = tinyData({ count: 9 });
    const evaluation = { data: judged, metrics };
    const { clipNorm: _, ...unclipped } = { ...asInPyTorch, epochs: 8, learningRate: 1 };
    const wild = { ...unclipped, evaluation, selectBy: 'loss' } as const;
    const last = await fineTune(model, wild);
    expect(last.best).not.toEqual(last.evaluations.at(-1));
    expect(last.metrics).toEqual(last.evaluations.at(-1)!.metrics);
    const run = await fineTune(model, { ...wild, keepBest: true });
    expect(run.metrics).toEqual(last.best!.metrics);
    const { state } = run;
    const found = await evaluate(model, { backend, state, data: judged, metrics });
    expect(found).toEqual({ metrics: run.metrics, predictions: run.predictions });
  });

  it('predicts values where there is one logit', async () => {
    const data = tinyData({ count: 13, classes: 1 });
    const model = new TinyModel({ classes: 1, dropoutRate: 0 });
    const run = await fineTune(model, {
      backend,
      data,
      evaluation: { data, metrics: ['pearson', 'spearman'] },
      epochs: 60,
      batchSize: 5,
      learningRate: 0.05,
    });
    expect(run.predictions!.some((value) => !Number.isInteger(value))).toBe(true);
    expect(run.metrics.pearson).toBeGreaterThan(0.8);
  });

  it.each([{ clipNorm: undefined, accumulate: 1 }, { clipNorm: 0.5 }, { accumulate: 2 }])(
    'has the same bits however much is computed again, %o',
    async ({ clipNorm, accumulate }) => {
      const model = new TinyModel();
      const bits = [];
      for (const recompute of RECOMPUTE_MODES) {
        const { clipNorm: _, ...rest } = asInPyTorch;
        const run = await fineTune(model, {
          ...rest,
          recompute,
          ...(clipNorm ? { clipNorm } : {}),
          ...(accumulate ? { accumulate } : {}),
        });
        bits.push([run.loss, await weights(model, run)]);
      }
      for (const other of bits) expect(other).toEqual(bits[0]);
    },
  );

  it('depends on the seed and on the estimator, and on nothing else', async () => {
    const model = new TinyModel();
    const estimator = rmm({ sketch: gaussian(), rate: 0.5 });
    const loss = async (options: Partial<FineTuneOptions>) =>
      (await fineTune(model, { ...asInPyTorch, ...options })).loss.join();
    const all = [await loss({}), await loss({ seed: 1 }), await loss({ estimator })];
    expect(new Set(all).size).toBe(3);
    expect(await loss({ estimator })).toBe(all[2]);
    // Padding and nobody's rows count nothing.
    expect(await loss({ data: tinyData({ count: 11, padTo: 7 }) })).toBe(all[0]);
  });

  it('draws other numbers in every micro-batch of a run', async () => {
    const keys: string[] = [];
    const { backend: watching } = counting(backend, ({ key }) => key && keys.push(key.join()));
    await fineTune(new TinyModel(), {
      ...asInPyTorch,
      backend: watching,
      accumulate: 2,
      seed: 0xffffffff,
    });
    // 11 examples are 6 pairs; three epochs.
    expect(keys).toEqual(Array.from({ length: 18 }, (_, i) => `-1,${i}`));
  });

  it('starts from the weights of a state that it is given', async () => {
    const model = new TinyModel();
    const first = await fineTune(model, { ...asInPyTorch, epochs: 1 });
    const { state } = first;
    const before = await weights(model, first);
    const again = await fineTune(model, { ...asInPyTorch, epochs: 1, state });
    expect(again.state).toBe(state);
    expect(again.loss[0]).not.toBe(first.loss[0]);

    // The same from a new state with the same weights: moments do not linger.
    const loader = new (class extends TinyModel {
      override async initialize(into: DeviceState) {
        for (const [name, data] of Object.entries(before))
          await into.write(name, data as Float32Array);
      }
    })();
    const other = await fineTune(loader, { ...asInPyTorch, epochs: 1 });
    expect(other.loss).toEqual(again.loss);
    expect(await weights(model, other)).toEqual(await weights(model, again));
  });
});

describe('evaluate', () => {
  it('judges a trained state, with or without labels', async () => {
    const model = new TinyModel();
    const { state, predictions, metrics } = await fineTune(model, asInPyTorch);
    const { data } = asInPyTorch.evaluation;
    expect(
      await evaluate(model, { backend, state, data, metrics: ['accuracy'], batchSize: 3 }),
    ).toEqual({ metrics, predictions });
    const unlabelled = tinyData({ count: 11, labelled: false });
    expect(await evaluate(model, { backend, state, data: unlabelled })).toEqual({
      metrics: {},
      predictions,
    });
    await expect(
      evaluate(model, { backend, state, data: unlabelled, metrics: ['accuracy'] }),
    ).rejects.toThrow('accuracy cannot be computed: the evaluation data has no labels');
  });

  it('refuses a state without weights, and weights that are not finite', async () => {
    const model = new TinyModel();
    const { data } = asInPyTorch;
    const empty = backend.createState();
    await expect(evaluate(model, { backend, state: empty, data })).rejects.toThrow(
      "the state has no tensor 'embedding'; it must hold the model's weights",
    );
    const { state } = await fineTune(model, { ...asInPyTorch, epochs: 1 });
    await state.write('hidden.bias', Float32Array.of(0, Number.NaN, 0, 0));
    await expect(evaluate(model, { backend, state, data })).rejects.toThrow(
      'the prediction for evaluation example 0 is not finite: the weights are not usable',
    );
  });
});
