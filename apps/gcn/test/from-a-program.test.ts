import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareOnGraph, type RunProgress, trainOnGraph } from '@sketchgrad/bench/node';
import { UsageError } from '@sketchgrad/core';
import { InterruptedError } from '@sketchgrad/train';
import { parseWays } from '@sketchgrad/train/language';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, writeGraph } from './command.js';

let folder: string;
let dataset: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcn-program-'));
  dataset = writeGraph(join(folder, 'graph'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Keeps what it is told. */
function listener() {
  const notes: string[] = [];
  const shown: number[] = [];
  const progress: RunProgress = {
    count: () => undefined,
    show: (done) => void shown.push(done),
    note: (text) => void notes.push(text),
    end: () => undefined,
  };
  return { notes, shown, progress };
}

const small = () => ({ dataset, hidden: 4, epochs: 3, backend: 'reference' });

test('a run that a program starts has the numbers of the command line', async () => {
  const { notes, shown, progress } = listener();
  const result = await trainOnGraph(small(), { progress });
  const words = ['--dataset', dataset, '--hidden', '4', '--epochs', '3', '--backend', 'reference'];
  const typed = await run('train', ...words, '--json');
  const { loss, metrics, settings } = JSON.parse(typed.stdout) as typeof result;
  expect({ loss: result.loss, metrics: result.metrics }).toEqual({ loss, metrics });
  expect(result.settings).toEqual(settings);
  expect(shown).toEqual([1, 2, 3]);
  expect(notes[0]).toMatch(/^settings: the usual ones/);
});

test('it goes on in its folder, and is told once it is finished', async () => {
  const out = join(folder, 'run');
  const stop = new AbortController();
  const { progress } = listener();
  const stopping = { ...progress, show: () => stop.abort() };
  const stopped = trainOnGraph(
    { ...small(), out },
    { progress: stopping, claimSignal: () => stop.signal },
  );
  await expect(stopped).rejects.toBeInstanceOf(InterruptedError);
  const resumed = await trainOnGraph({ ...small(), out, resume: true });
  expect(resumed.loss).toEqual((await trainOnGraph(small())).loss);
  expect(await trainOnGraph({ ...small(), out, resume: true })).toEqual(resumed);
});

test('ways are compared over seeds, each in a folder of its own', async () => {
  const out = join(folder, 'table');
  const ways = parseWays('dense; quantized:2 every-layer');
  const { rows, results, backend } = await compareOnGraph({ ...small(), ways, seeds: 2, out });
  expect(backend).toBe('reference');
  expect(rows.map(({ way, runs }) => [way, runs])).toEqual([
    ['dense', 2],
    ['quantized:2 every-layer', 2],
  ]);
  expect(results.map(({ seed }) => seed)).toEqual([0, 0, 1, 1]);
  const folders = readdirSync(out).filter((name) => /seed/.test(name));
  expect(folders).toHaveLength(4);
  expect(await compareOnGraph({ ...small(), ways, seeds: 2, out, resume: true })).toEqual({
    ...{ rows, results, backend },
  });
});

test('settings that there are not are refused', async () => {
  for (const refused of [
    trainOnGraph({ ...small(), epoch: 3 } as never),
    compareOnGraph({ ...small(), ways: parseWays('dense'), seeds: 1, estimator: 'dense' } as never),
    trainOnGraph(undefined as never),
    compareOnGraph({ ...small(), ways: [], seeds: 1 }),
    compareOnGraph({ ...small(), ways: undefined as never, seeds: 1 }),
    compareOnGraph({ ...small(), ways: parseWays('dense'), seeds: 0 }),
    trainOnGraph({ ...small(), resume: true }),
  ])
    await expect(refused).rejects.toBeInstanceOf(UsageError);
});
