import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gaussian, rmm, rows, scale } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  InterruptedError,
  type NodeBatches,
  type NodeModel,
  type NodeTrainingOptions,
  type NodeTrainingRun,
  nodeScore,
  trainNodes,
} from '../../src/index.js';
import { CheckpointFolder } from '../../src/node/index.js';
import { arc, neighbourModel, ring } from './ring.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nodes-'));
});
afterEach(() => rm(directory, { recursive: true }));

const options = (more: Partial<NodeTrainingOptions> = {}): NodeTrainingOptions => ({
  backend: createReferenceBackend(),
  data: ring(),
  epochs: 12,
  learningRate: 0.1,
  ...more,
});

const train = (more?: Partial<NodeTrainingOptions>) => trainNodes(neighbourModel, options(more));

/** The graph's two halves, in turns; the edges between them are left out. */
const halves: NodeBatches = {
  name: 'halves',
  *of([, epoch]) {
    const half = ring().graph.nodes / 2;
    for (const first of epoch % 2 === 0 ? [0, half] : [half, 0]) yield arc(ring(), first, half);
  },
};

const numbers = async ({ best, loss, steps, evaluations, state }: NodeTrainingRun) => ({
  ...{ best, loss, steps, evaluations },
  weights: await state.read('layer.weight'),
});

it('learns, and reports the test score of the epoch that is best on valid', async () => {
  const { best, evaluations, loss, steps, plan } = await train({ epochs: 60 });
  expect(loss.at(-1)).toBeLessThan(loss[0]! / 2);
  expect(best.metrics.test).toBeGreaterThan(0.8);
  expect(steps).toBe(60);
  const highest = Math.max(...evaluations.map((each) => each.metrics.valid!));
  expect(best).toEqual(evaluations.find((each) => each.metrics.valid === highest));
  expect(plan.keptBytes).toBeGreaterThan(0);
});

it('selects by the loss on valid, evaluates every so many epochs, and loses patience', async () => {
  const run = await train({ epochs: 7, evaluateEvery: 3, selectBy: 'loss' });
  expect(run.evaluations.map(({ epoch }) => epoch)).toEqual([2, 5, 6]);
  expect(run.best.loss).toBe(Math.min(...run.evaluations.map((each) => each.loss)));
  const { loss, evaluations } = await train({ epochs: 400, learningRate: 1, patience: 5 });
  expect(loss.length).toBeLessThan(400);
  const losses = evaluations.map((each) => each.loss);
  expect(losses.indexOf(Math.min(...losses))).toBe(loss.length - 6);
});

it('adds a penalty to the gradient of the parameters that it is for', async () => {
  const norm = async (share: number) => {
    const penalty = (name: string) => (name === 'layer.weight' ? share : 0);
    const { state } = await train({ epochs: 40, penalty });
    return Math.hypot(...(await state.read('layer.weight')));
  };
  expect(await norm(0.3)).toBeLessThan(0.5 * (await norm(0)));
});

const ways: [string, Partial<NodeTrainingOptions>][] = [
  ['dense', {}],
  ['with a sketch', { estimator: rmm({ sketch: gaussian(), rate: 0.5 }) }],
  ['with rows by their gradients', { estimator: rows({ rate: 0.5, by: 'optimal' }) }],
  ['by parts', { batches: halves, estimator: rows({ rate: 0.5, by: 'optimal' }) }],
];

describe.each(ways)('%s', (_, way) => {
  it('ends with the same bits when it is stopped and resumed', async () => {
    const whole = await numbers(await train(way));
    const checkpoint = { store: new CheckpointFolder(directory), everyEpochs: 5 };
    const stop = new AbortController();
    const stopped = train({
      ...way,
      checkpoint,
      signal: stop.signal,
      onEpoch: ({ epoch }) => epoch === 6 && stop.abort(),
    });
    await expect(stopped).rejects.toThrow(InterruptedError);
    await expect(stopped).rejects.toThrow(
      /^interrupted after step (7 of 12|14, in epoch 8 of 12); resume from/,
    );
    const resumed = await train({ ...way, checkpoint, resume: true });
    expect(await numbers(resumed)).toEqual(whole);
  });
});

it('tells each epoch the peak that the run has by its plan', async () => {
  const told: number[] = [];
  const run = await train({
    epochs: 3,
    onEpoch: ({ plannedPeakBytes }) => told.push(plannedPeakBytes),
  });
  expect(told).toEqual(Array.from({ length: 3 }, () => run.plan.peakBytes));
});

it('steps once for each part of an epoch', async () => {
  expect((await train({ epochs: 3, batches: halves })).steps).toBe(6);
});

it('keeps one row of a part that is too small for the rate, unless all of them are', async () => {
  const uneven: NodeBatches = {
    name: 'all, then a half',
    *of(key) {
      const [half] = halves.of(key);
      const nodes = Int32Array.from(ring().labels.keys());
      yield* [half!, { nodes, dataset: ring() }];
    },
  };
  // 12 and 24 nodes.
  const estimator = rmm({ sketch: gaussian(), rate: 0.05 });
  const { steps, loss } = await train({ epochs: 2, batches: uneven, estimator });
  expect([steps, loss.every(Number.isFinite)]).toEqual([4, true]);
  await expect(train({ batches: halves, estimator })).rejects.toThrow(
    "rate 0.05 of 'rmm-gaussian' keeps less than one row of every batch: the largest has 12",
  );
  const { rate = 0 } = estimator;
  const lower = rmm({ sketch: gaussian(), rate: rate / 2 });
  await expect(train({ estimator: () => lower })).rejects.toThrow('the largest has 24');
});

it('continues no run with other settings, and begins none over another', async () => {
  const checkpoint = { store: new CheckpointFolder(directory) };
  await train({ epochs: 2, checkpoint });
  await expect(train({ epochs: 2, checkpoint })).rejects.toThrow(
    'has checkpoints of an earlier run',
  );
  const other = train({ epochs: 2, checkpoint, resume: true, learningRate: 0.2 });
  await expect(other).rejects.toThrow('learningRate (0.1 there, 0.2 here)');
  const data = ring();
  data.features.data[0] = 9;
  const changed = train({ epochs: 2, checkpoint, resume: true, data });
  await expect(changed).rejects.toThrow(/data \("24 nodes, 24 edges/);
});

it('continues no run with another network, or from other inputs', async () => {
  const checkpoint = { store: new CheckpointFolder(directory) };
  const network = (alpha: number, factor = 1): NodeModel => ({
    ...neighbourModel,
    config: { alpha },
    build(told) {
      const { loss, predictions } = neighbourModel.build(told);
      return { loss: scale(loss, factor), predictions };
    },
  });
  const run = (model: NodeModel, more: Partial<NodeTrainingOptions> = {}) =>
    trainNodes(model, options({ epochs: 2, checkpoint, inputs: { features: 'a' }, ...more }));
  const whole = await numbers(await run(network(0.1)));
  const resume = true;
  expect(await numbers(await run(network(0.1), { resume }))).toEqual(whole);
  await expect(run(network(0.2), { resume })).rejects.toThrow(
    ': model.alpha (0.1 there, 0.2 here). Resume',
  );
  await expect(run(network(0.1, 2), { resume })).rejects.toThrow(': model as traced ("');
  await expect(run(network(0.1), { resume, inputs: { features: 'b' } })).rejects.toThrow(
    ': inputs.features ("a" there, "b" here). Resume',
  );
});

it('refuses what no run can have', async () => {
  const data = ring();
  const without = { ...data, split: { ...data.split, valid: new Int32Array(0) } };
  await expect(train({ data: without })).rejects.toThrow("part 'valid' is empty");
  await expect(train({ epochs: 0 })).rejects.toThrow('epochs must be');
  await expect(train({ patience: 0 })).rejects.toThrow('patience must be');
  await expect(train({ learningRate: -1 })).rejects.toThrow('learningRate must be');
  await expect(train({ seed: -1 })).rejects.toThrow('seed must be');
  await expect(train({ resume: true })).rejects.toThrow('resume needs checkpoint');
  const selectBy = 'luck' as 'loss';
  await expect(train({ selectBy })).rejects.toThrow('selectBy must be one of score, loss');
});

describe('nodeScore', () => {
  it('counts the nodes whose largest logit is the label', () => {
    const data = { labels: Int32Array.of(0, 1, 1), classes: 2, multiLabel: false };
    expect(nodeScore([2, 1, 0, 3, 1, 0], data, Int32Array.of(0, 1, 2))).toBeCloseTo(2 / 3);
    expect(nodeScore([2, 1, 0, 3, 1, 0], data, Int32Array.of(2))).toBe(0);
  });

  it('refuses a node whose label is no class', () => {
    for (const label of [-1, 2]) {
      const data = { labels: Int32Array.of(0, label), classes: 2, multiLabel: false };
      expect(nodeScore([2, 1, 0, 3], data, Int32Array.of(0))).toBe(1);
      expect(() => nodeScore([2, 1, 0, 3], data, Int32Array.of(0, 1))).toThrow(
        `node 1 is to be scored and has the label ${label}; accepted: 0 to 1`,
      );
    }
  });

  it('is micro-F1 for several labels a node', () => {
    // 2 right yes, 1 wrong yes, 1 missed: 2·2/(2·2 + 1 + 1).
    const data = { labels: Uint8Array.of(1, 0, 1, 1), classes: 2, multiLabel: true };
    expect(nodeScore([1, 1, 1, -1], data, Int32Array.of(0, 1))).toBeCloseTo(4 / 6);
    expect(nodeScore([-1, -1], { ...data, labels: Uint8Array.of(0, 0) }, Int32Array.of(0))).toBe(0);
  });
});

it('takes a budget, as every run does', async () => {
  const dense = await train({ epochs: 1 });
  const memoryBudget = dense.plan.keptBytes - 1;
  const { choice, plan } = await train({ epochs: 1, memoryBudget, budgetOf: 'kept' });
  expect(choice!.layers[0]!.estimator).not.toBe('dense');
  expect(choice!.layers[0]!.variance).toBeGreaterThan(0);
  expect(plan.keptBytes).toBeLessThanOrEqual(memoryBudget);
  expect(plan.keptBytes).toBe(choice!.keptBytes);
});

it('keeps the best weights, and tells steps, where that is asked for', async () => {
  const steps: (number | null)[][] = [];
  const { best, state, evaluations } = await train({
    ...{ epochs: 30, learningRate: 1, selectBy: 'loss', keepBest: true },
    onStep: ({ step, totalSteps }) => steps.push([step, totalSteps]),
  });
  expect(steps.at(-1)).toEqual([30, 30]);
  expect(best.epoch).toBeLessThan(evaluations.at(-1)!.epoch);
  const until = await train({ epochs: best.epoch + 1, learningRate: 1 });
  expect(await state.read('layer.weight')).toEqual(await until.state.read('layer.weight'));
});
