import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rademacher, rmm } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { type FineTuneOptions, fineTune } from '../src/index.js';
import { CheckpointFolder } from '../src/node/index.js';
import { checkpointPacking } from './fuzz/checkpoint-bytes.js';
import { base, isInterrupted, model, outcome } from './small-run.js';
import { temporaryDirectory } from './temporary-directory.js';
import { TinyModel, type TinyOptions, tinyData } from './tiny-model.js';

describe('a directory of checkpoints', () => {
  it('is refused to a new run', async () => {
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    await fineTune(model, { ...base(), checkpoint });
    await expect(fineTune(model, { ...base(), checkpoint })).rejects.toThrow(
      `${checkpoint.store.directory} has checkpoints of an earlier run, the latest after step 9: pass resume`,
    );
  });

  it('must be there to be resumed', async () => {
    const root = await temporaryDirectory();
    const checkpoint = { store: new CheckpointFolder(join(root, 'none')) };
    const resumed = fineTune(model, { ...base(), checkpoint, resume: true });
    await expect(resumed).rejects.toThrow(
      `there is nothing at ${checkpoint.store.directory} to resume from`,
    );
    await expect(resumed).rejects.toMatchObject({ code: 'usage' });
    expect(await readdir(root)).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['empty', []],
    ['of a checkpoint that was never finished', ['step-000000000.checkpoint.partial']],
    ['of a killed run that had it', ['.lock', 'step-000000000.checkpoint.partial']],
  ])('starts anew where it is %s', async (_, left) => {
    const whole = await outcome(await fineTune(model, base()));
    const directory = await temporaryDirectory();
    for (const name of left) await writeFile(join(directory, name), 'SKETCHG1');
    const warnings: string[] = [];
    const run = await fineTune(model, {
      ...base(),
      checkpoint: { store: new CheckpointFolder(directory) },
      resume: true,
      onWarning: (message) => warnings.push(message),
    });
    expect(await outcome(run)).toEqual(whole);
    expect(warnings).toEqual([
      `there is no complete checkpoint in ${directory} yet: starting anew`,
    ]);
    expect((await readdir(directory)).sort()).toEqual([
      'step-000000006.checkpoint',
      'step-000000009.checkpoint',
    ]);
  });

  it.each<[unknown, string]>([
    ['9.8.7', "version '9.8.7'"],
    [undefined, 'another version'],
  ])('is resumed where version %s wrote it, which is told', async (version, told) => {
    const whole = await outcome(await fineTune(model, base()));
    const checkpoint = {
      store: new CheckpointFolder(await temporaryDirectory(), { keep: 9 }),
      everySteps: 2,
    };
    await fineTune(model, { ...base(), checkpoint });
    const names = (await readdir(checkpoint.store.directory)).sort();
    for (const name of names.slice(3)) await rm(join(checkpoint.store.directory, name));
    const file = join(checkpoint.store.directory, names[2]!);
    const { header, ...tensors } = checkpointPacking.unpack(await readFile(file));
    const changed = JSON.stringify({ ...JSON.parse(Buffer.from(header!).toString()), version });
    await writeFile(file, checkpointPacking.pack({ header: Buffer.from(changed), ...tensors }));
    const warnings: string[] = [];
    const onWarning = (message: string) => void warnings.push(message);
    const run = await fineTune(model, { ...base(), checkpoint, resume: true, onWarning });
    expect(warnings).toEqual([
      `${file} was written by ${told}, this is '${manifest.version}': what it leads to may have other ` +
        'numbers than a run of one version',
    ]);
    expect(await outcome(run)).toEqual(whole);
    // What it has written since is of this version.
    await fineTune(model, { ...base(), checkpoint, resume: true, onWarning });
    expect(warnings).toHaveLength(1);
  });

  it('is refused a state without the weights, where it starts anew', async () => {
    const { backend } = base();
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    const resumed = fineTune(model, {
      ...base(),
      backend,
      state: backend.createState(),
      checkpoint,
      resume: true,
      onWarning: () => undefined,
    });
    await expect(resumed).rejects.toThrow("the state has no tensor 'embedding'");
  });

  it('is kept for one run', async () => {
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    let second: Promise<unknown> | undefined;
    await fineTune(model, {
      ...base(),
      checkpoint,
      onStep: () => {
        second ??= expect(fineTune(model, { ...base(), checkpoint, resume: true })).rejects.toThrow(
          `${checkpoint.store.directory} is in use by another run (process ${process.pid}`,
        );
      },
    });
    await second;
  });

  it.each<[Partial<FineTuneOptions>, string]>([
    [{ learningRate: 0.01 }, 'learningRate (0.05 there, 0.01 here)'],
    [{ seed: 4, epochs: 4 }, 'epochs (3 there, 4 here), seed (3 there, 4 here)'],
    [{ clipNorm: 1 }, 'clipNorm (null there, 1 here)'],
    [
      { backend: createReferenceBackend({ precision: 'f64' }) },
      'backend ({"name":"reference","precision":"f32"} there, {"name":"reference","precision":"f64"} here)',
    ],
    [
      { keep: { norm: 8 } },
      'keep ({} there, {"norm":8} here), recompute (null there, "cheap" here)',
    ],
    [{ data: tinyData({ count: 11, classes: 2 }) }, 'data ("11 examples, '],
    [
      { estimator: rmm({ sketch: rademacher(), rate: 0.5 }) },
      'estimator ("dense" there, "rmm-rademacher 0.5 (',
    ],
    [{ optimizer: { beta2: 0.999 } }, 'optimizer ({'],
  ])('is refused to a run with other settings, %#', async (change, message) => {
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    await fineTune(model, { ...base(), checkpoint });
    const resumed = fineTune(model, { ...base(), ...change, checkpoint, resume: true });
    await expect(resumed).rejects.toThrow(message);
    await expect(resumed).rejects.toMatchObject({ code: 'usage' });
  });

  it('is refused to another model', async () => {
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    await fineTune(model, { ...base(), checkpoint });
    const other = new TinyModel({ classes: 4 });
    await expect(fineTune(other, { ...base(), checkpoint, resume: true })).rejects.toThrow(
      "has 'classifier.weight' as [3, 4], the model as [4, 4]: it is of another model",
    );
  });

  it.each<[string, TinyOptions, string]>([
    ['rate of dropout, which it does not tell', { dropoutRate: 0.5 }, 'model as traced ("'],
    ['setting that it tells', { spread: 2 }, 'model.spread (1 there, 2 here)'],
  ])('is refused to a model with another %s', async (_, change, message) => {
    const told = (options: TinyOptions) =>
      Object.assign(new TinyModel({ perToken: true, ...options }), {
        config: { spread: options.spread ?? 1, layers: undefined },
      });
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    const whole = await outcome(await fineTune(told({}), { ...base(), checkpoint }));
    const again = await fineTune(told({}), { ...base(), checkpoint, resume: true });
    expect(await outcome(again)).toEqual(whole);
    const resumed = fineTune(told(change), { ...base(), checkpoint, resume: true });
    await expect(resumed).rejects.toThrow(`of a run with other settings: ${message}`);
    await expect(resumed).rejects.toMatchObject({ code: 'usage' });
  });

  it('is refused to a run from other inputs, as the caller tells them', async () => {
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    await fineTune(model, { ...base(), checkpoint, inputs: { weights: 'a', head: 'new' } });
    const resumed = fineTune(model, {
      ...base(),
      ...{ checkpoint, resume: true, inputs: { weights: 'b', head: 'new' } },
    });
    await expect(resumed).rejects.toThrow(': inputs.weights ("a" there, "b" here). Resume');
  });

  it('may be resumed with more or less computed again', async () => {
    const whole = await outcome(await fineTune(model, base()));
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()) };
    const controller = new AbortController();
    const stopped = fineTune(model, {
      ...base(),
      checkpoint,
      signal: controller.signal,
      onStep: () => controller.abort(),
    });
    await expect(stopped).rejects.toSatisfy(isInterrupted);
    const run = await fineTune(model, { ...base(), checkpoint, resume: true, recompute: 'none' });
    expect(await outcome(run)).toEqual(whole);
  });
});
