import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Progress } from '@sketchgrad/bench/command-line';
import { type GraphRunSettings, loadGraph, trainNetwork } from '@sketchgrad/bench/node';
import { loadBackend, PlanError } from '@sketchgrad/core';
import { parseEstimator } from '@sketchgrad/train/language';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addTrainingOptions } from '../src/options/training.js';
import { writeGraph } from './command.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcn-memory-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Trains for an epoch on a machine of `memoryBytes`. */
async function trainWithin(memoryBytes: number, ...words: readonly string[]) {
  const dataset = writeGraph(join(folder, 'graph'));
  const given = ['--dataset', dataset, '--hidden', '8', '--epochs', '1', ...words];
  const parsed = addTrainingOptions(new Command()).parse(given, { from: 'user' });
  const options: GraphRunSettings = {
    ...parsed.opts<GraphRunSettings>(),
    estimator: parseEstimator('dense'),
  };
  const backend = await loadBackend('cpu', { threads: 1, memoryBytes });
  try {
    const data = await loadGraph(options, () => undefined);
    return await trainNetwork(options, { backend, data, progress: new Progress('epoch') });
  } finally {
    await backend.dispose();
  }
}

it('says, where a step takes more than the memory, that parts of the graph may fit', async () => {
  const { plannedPeakBytes } = await trainWithin(Number.POSITIVE_INFINITY);
  const refused = trainWithin(plannedPeakBytes - 1);
  await expect(refused).rejects.toBeInstanceOf(PlanError);
  await expect(refused).rejects.toThrow(/there are .* of memory.*: --batch clusters:PARTS$/);
  const inParts = trainWithin(1000, '--batch', 'clusters:4');
  await expect(inParts).rejects.toBeInstanceOf(PlanError);
  await expect(inParts).rejects.not.toThrow('--batch');
});
