import { truncate } from 'node:fs/promises';
import { rademacher, rmm } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { type EpochEvent, type FineTuneOptions, fineTune, type TrainingRun } from '../src/index.js';
import { CheckpointFolder, openCheckpoint } from '../src/node/index.js';
import { ranking } from './ranking-estimator.js';
import { base, isInterrupted, model, outcome } from './small-run.js';
import { temporaryDirectory } from './temporary-directory.js';

const variants: [name: string, options: Partial<FineTuneOptions>][] = [
  ['plain', {}],
  ['clipped', { clipNorm: 0.5 }],
  ['accumulated', { accumulate: 2 }],
  [
    'accumulated, clipped, sketched',
    { accumulate: 4, clipNorm: 0.5, estimator: rmm({ sketch: rademacher(), rate: 1 }) },
  ],
  ['rows ranked by example', { estimator: () => ranking }],
  [
    'rows ranked by position, accumulated',
    { estimator: ranking, priorities: 'position', accumulate: 2 },
  ],
];

describe.each(variants)('a run that is stopped and resumed, %s', (_, variant) => {
  it('ends with the same bits when aborted after any step', async () => {
    const whole = await outcome(await fineTune(model, { ...base(), ...variant }));
    for (let stop = 1; stop < 9; stop++) {
      const directory = await temporaryDirectory();
      const controller = new AbortController();
      const checkpoint = { store: new CheckpointFolder(directory) };
      const stopped = fineTune(model, {
        ...base(),
        ...variant,
        checkpoint,
        signal: controller.signal,
        onStep: ({ step }) => step === stop && controller.abort(),
      });
      await expect(stopped).rejects.toSatisfy(isInterrupted);
      const run = await fineTune(model, { ...base(), ...variant, checkpoint, resume: true });
      expect(await outcome(run)).toEqual(whole);
    }
  });

  it('ends with the same bits when killed after any step', async () => {
    const whole = await outcome(await fineTune(model, { ...base(), ...variant }));
    for (let stop = 1; stop <= 9; stop++) {
      const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()), everySteps: 2 };
      const kill = ({ step }: { step: number }) => {
        if (step === stop) throw new Error('killed');
      };
      const killed = fineTune(model, { ...base(), ...variant, checkpoint, onStep: kill });
      await expect(killed).rejects.toThrow('killed');
      const run = await fineTune(model, { ...base(), ...variant, checkpoint, resume: true });
      expect(await outcome(run)).toEqual(whole);
    }
  });
});

describe('checkpoints of a run', () => {
  it('are of every so many steps and of each end of an epoch, as many as asked for', async () => {
    const directory = await temporaryDirectory();
    await fineTune(model, {
      ...base(),
      checkpoint: { store: new CheckpointFolder(directory, { keep: 20 }), everySteps: 2 },
    });
    const stepsOf = async () =>
      (await new CheckpointFolder(directory).list()).map(({ step }) => step);
    expect(await stepsOf()).toEqual([9, 8, 6, 4, 3, 2, 0]);
    const other = await temporaryDirectory();
    await fineTune(model, {
      ...base(),
      checkpoint: { store: new CheckpointFolder(other), everySteps: 2 },
    });
    expect((await new CheckpointFolder(other).list()).map(({ step }) => step)).toEqual([9, 8]);
  });

  it('let a run end that was stopped any number of times', async () => {
    const whole = await outcome(await fineTune(model, base()));
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    let last: TrainingRun | undefined;
    for (let attempt = 0; !last && attempt < 20; attempt++) {
      const controller = new AbortController();
      try {
        last = await fineTune(model, {
          ...base(),
          checkpoint,
          resume: attempt > 0,
          signal: controller.signal,
          onStep: () => controller.abort(),
        });
      } catch (error) {
        if (!isInterrupted(error)) throw error;
        expect(error.checkpoint).toContain(checkpoint.store.directory);
      }
    }
    expect(await outcome(last!)).toEqual(whole);
  });

  it('let a run that was stopped during its evaluation go on with it', async () => {
    const whole = await outcome(await fineTune(model, base()));
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    const controller = new AbortController();
    const { evaluation } = base();
    const data = {
      ...evaluation!.data,
      batch: (indices: readonly number[]) => {
        if (indices.includes(4)) controller.abort();
        return evaluation!.data.batch(indices);
      },
    };
    const epochs: EpochEvent[] = [];
    const stopped = fineTune(model, {
      ...base(),
      checkpoint,
      evaluation: { ...evaluation!, data },
      signal: controller.signal,
      onEpoch: (event) => epochs.push(event),
    });
    await expect(stopped).rejects.toSatisfy(isInterrupted);
    expect(epochs).toEqual([]);
    const run = await fineTune(model, { ...base(), checkpoint, resume: true });
    expect(await outcome(run)).toEqual(whole);
  });

  it('give back a run that is complete, without a step', async () => {
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    const whole = await outcome(await fineTune(model, { ...base(), checkpoint }));
    let steps = 0;
    const onStep = () => void steps++;
    const again = await fineTune(model, { ...base(), checkpoint, resume: true, onStep });
    expect(steps).toBe(0);
    expect(again.secondsPerStep).toBeNull();
    expect(await outcome(again)).toEqual(whole);
  });

  it('keep the place and the losses', async () => {
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    const run = await fineTune(model, { ...base(), checkpoint });
    const [latest] = await new CheckpointFolder(checkpoint.store.directory).list();
    const saved = await openCheckpoint(latest!.file);
    await saved.close();
    const { evaluations, loss: losses } = run;
    const partial = { loss: 0, examples: 0 };
    const place = { step: 9, passes: 9, epoch: 3, position: 0, seed: 3 };
    expect(saved.progress).toMatchObject({ ...place, losses, partial, evaluations });
  });

  it('are passed over where they are damaged, which is told', async () => {
    const whole = await outcome(await fineTune(model, base()));
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()), everySteps: 2 };
    const kill = ({ step }: { step: number }) => {
      if (step === 5) throw new Error('killed');
    };
    await expect(fineTune(model, { ...base(), checkpoint, onStep: kill })).rejects.toThrow();
    const [latest] = await new CheckpointFolder(checkpoint.store.directory).list();
    await truncate(latest!.file, 400);
    const warnings: string[] = [];
    const onWarning = (message: string) => void warnings.push(message);
    const run = await fineTune(model, { ...base(), checkpoint, resume: true, onWarning });
    expect(warnings.join()).toContain('going back to the checkpoint of step 3');
    expect(await outcome(run)).toEqual(whole);
  });
});
