import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gaussian, RECOMPUTE_MODES, rmm, rows, wtaCrs } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import { type FineTuneOptions, fineTune, NonFiniteError } from '../src/index.js';
import { CheckpointFolder } from '../src/node/index.js';
import { counting } from './counting-backend.js';
import { temporaryDirectory } from './temporary-directory.js';
import { TinyModel, tinyData } from './tiny-model.js';

const model = new TinyModel();
const backend = createReferenceBackend();
const base: FineTuneOptions = {
  backend,
  data: tinyData({ count: 11 }),
  epochs: 3,
  batchSize: 4,
};

/** Options of a run whose weights are ruined after some step. */
async function ruined(after: number): Promise<FineTuneOptions> {
  const { state } = await fineTune(model, { ...base, epochs: 1 });
  return {
    ...base,
    state,
    onStep: ({ step }) => {
      if (step === after) void state.write('hidden.bias', Float32Array.of(0, Number.NaN, 0, 0));
    },
  };
}

const failureOf = (options: FineTuneOptions): Promise<NonFiniteError> =>
  fineTune(model, options).then(
    () => expect.unreachable('the run should fail'),
    (error) => {
      expect(error).toBeInstanceOf(NonFiniteError);
      return error;
    },
  );

describe('a loss that is not finite', () => {
  it('ends the run and keeps the last checkpoint, from which it can go on', async () => {
    const directory = await temporaryDirectory();
    const checkpoint = { store: new CheckpointFolder(directory) };
    const error = await failureOf({ ...(await ruined(4)), checkpoint });
    const last = join(directory, 'step-000000003.checkpoint');
    expect(error.message).toBe(
      'the loss is NaN in step 5, epoch 2: a smaller learning rate or clipNorm may help. ' +
        `The last good checkpoint is ${last}`,
    );
    expect(error).toMatchObject({ code: 'non-finite', step: 5, epoch: 1, lastCheckpoint: last });
    const run = await fineTune(model, { ...base, checkpoint, resume: true });
    expect(run.steps).toBe(9);
    expect(run.loss.every(Number.isFinite)).toBe(true);
  });

  it('says so where there is no checkpoint', async () => {
    const error = await failureOf(await ruined(1));
    expect(error.message).toContain('in step 2, epoch 1');
    expect(error.message).toMatch(/There is no checkpoint$/);
    expect(error.lastCheckpoint).toBeUndefined();
  });
});

describe('weights that are not finite', () => {
  it('are never saved', async () => {
    const directory = await temporaryDirectory();
    const checkpoint = { store: new CheckpointFolder(directory), everySteps: 2 };
    const error = await failureOf({ ...(await ruined(4)), checkpoint });
    expect(error.message).toContain("'hidden.bias' has become NaN in step 4, epoch 2");
    expect(await readdir(directory)).toEqual([
      'step-000000002.checkpoint',
      'step-000000003.checkpoint',
    ]);
    const [latest] = await new CheckpointFolder(directory).list();
    expect(error.lastCheckpoint).toBe(latest!.file);
  });

  it('are no result of a run', async () => {
    const error = await failureOf(await ruined(9));
    expect(error.message).toContain("'hidden.bias' has become NaN in step 9, epoch 3");
  });

  it('are not evaluated', async () => {
    const evaluation = { data: base.data, metrics: ['accuracy'] } as const;
    const error = await failureOf({ ...(await ruined(6)), evaluation });
    expect(error.message).toContain(
      'the prediction for evaluation example 0 is not finite in step 6, epoch 2',
    );
  });
});

describe('executables', () => {
  it('are compiled once for a shape, the largest first, and all disposed of', async () => {
    const { backend: counted, compiled, alive, states } = counting(createReferenceBackend());
    const options = { ...base, backend: counted, accumulate: 2 };
    const evaluation = { data: tinyData({ count: 7 }), metrics: ['accuracy'] } as const;
    const { state, executables } = await fineTune(model, { ...options, evaluation });
    await state.dispose();
    expect(states()).toBe(0);
    const arenas = compiled.map(({ plan }) => plan.arenaBytes);
    expect(arenas[0]).toBe(Math.max(...arenas));
    expect(compiled).toHaveLength(executables);
    expect(executables).toBeLessThanOrEqual(16);
    expect(alive()).toBe(0);
  });

  it('are disposed of when the run fails', async () => {
    const { backend: counted, compiled, alive, states } = counting(createReferenceBackend());
    const onStep = () => {
      throw new Error('the callback fails');
    };
    const run = fineTune(model, { ...base, backend: counted, onStep });
    await expect(run).rejects.toThrow('the callback fails');
    expect(compiled.length).toBeGreaterThan(0);
    expect(alive()).toBe(0);
    expect(states()).toBe(0);
  });

  it('leave a state that was handed in as it is, though the run fails', async () => {
    const { state } = await fineTune(model, { ...base, epochs: 1 });
    const onStep = () => {
      throw new Error('the callback fails');
    };
    await expect(fineTune(model, { ...base, state, onStep })).rejects.toThrow('the callback fails');
    expect(await state.read('hidden.bias')).toHaveLength(4);
  });
});

describe('fineTune', () => {
  const empty = tinyData({ count: 0 });
  it.each<[Partial<FineTuneOptions>, string]>([
    [{ data: empty }, 'the training data is empty; it needs at least one example'],
    [{ evaluation: { data: empty, metrics: [] } }, 'the evaluation data is empty'],
    [{ epochs: 0 }, 'epochs must be an integer of at least 1, but it is 0'],
    [{ batchSize: 0 }, 'batchSize must be an integer of at least 1, but it is 0'],
    [{ batchSize: 2.5 }, 'batchSize must be an integer of at least 1, but it is 2.5'],
    [{ learningRate: -1 }, 'learningRate must be a number above 0, but it is -1'],
    [{ learningRate: Number.NaN }, 'learningRate must be a number above 0, but it is NaN'],
    [{ clipNorm: 0 }, 'clipNorm must be a number above 0, but it is 0'],
    [{ accumulate: 0 }, 'accumulate must be an integer of at least 1, but it is 0'],
    [{ accumulate: 3 }, 'accumulate must divide batchSize, but 4 examples cannot be cut into 3'],
    [{ seed: -1 }, 'seed must be an integer from 0 to 4294967295, but it is -1'],
    [{ optimizer: { beta1: 2 } }, "AdamW's beta1 must be at least 0 and below 1, but it is 2"],
    [
      { checkpoint: { store: new CheckpointFolder('x'), everySteps: 0 } },
      'everySteps must be an integer',
    ],
    [{ resume: true }, 'resume needs checkpoint: the store of the run to continue'],
    [{ state: backend.createState() }, "the state has no tensor 'embedding'"],
    [{ data: tinyData({ count: 3, labelled: false }) }, 'the training data has no labels'],
  ])('refuses what no run can be: %#', async (change, message) => {
    const run = fineTune(model, { ...base, ...change });
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toMatchObject({ code: 'usage' });
  });

  it('refuses names that there are not', async () => {
    const names = JSON.parse('{ "recompute": "all", "metric": "bleu" }');
    await expect(fineTune(model, { ...base, recompute: names.recompute })).rejects.toThrow(
      `recompute must be one of ${RECOMPUTE_MODES.join(', ')}, but it is 'all'`,
    );
    const evaluation = { data: base.data, metrics: [names.metric] };
    await expect(fineTune(model, { ...base, evaluation })).rejects.toThrow(
      "there is no metric 'bleu'; there are accuracy, f1, matthews, pearson, spearman",
    );
  });

  it('keeps one row of a last batch that is too small for the rate', async () => {
    const estimator = rmm({ sketch: gaussian(), rate: 0.25 });
    const run = await fineTune(model, { ...base, data: tinyData({ count: 9 }), estimator });
    expect(run.steps).toBe(9);
    expect(run.loss.every(Number.isFinite)).toBe(true);
  });

  it.each<Partial<FineTuneOptions>>([
    { estimator: rmm({ sketch: gaussian(), rate: 0.2 }) },
    { estimator: () => rows({ by: 'norm', rate: 0.2 }) },
    {
      probe: { layers: ['hidden'], estimator: wtaCrs({ rate: 0.2 }), onRecord: () => {} },
    },
  ])('refuses a rate below a row of every batch before the first step, %#', async (options) => {
    const steps: number[] = [];
    const onStep = ({ step }: { step: number }) => void steps.push(step);
    const run = fineTune(model, { ...base, ...options, onStep });
    await expect(run).rejects.toThrow(/rate 0\.2 of '.*' .* the largest has 4, .* least 0\.25/);
    await expect(run).rejects.toMatchObject({ code: 'usage' });
    expect(steps).toEqual([]);
  });

  it('does nothing under a signal that is aborted already', async () => {
    const directory = join(await temporaryDirectory(), 'none');
    const signal = AbortSignal.abort();
    const run = fineTune(model, {
      ...base,
      checkpoint: { store: new CheckpointFolder(directory) },
      signal,
    });
    await expect(run).rejects.toMatchObject({ code: 'interrupted', checkpoint: undefined });
    await expect(readdir(directory)).rejects.toThrow('ENOENT');
  });

  it('says that nothing is saved when it is stopped without a directory', async () => {
    const controller = new AbortController();
    const onStep = () => controller.abort();
    await expect(fineTune(model, { ...base, signal: controller.signal, onStep })).rejects.toThrow(
      'interrupted after step 1 of 9; nothing is saved',
    );
  });
});
