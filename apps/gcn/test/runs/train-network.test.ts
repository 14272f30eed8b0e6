import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Progress } from '@sketchgrad/bench/command-line';
import { type GraphRunSettings, loadGraph, trainNetwork } from '@sketchgrad/bench/node';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { parseEstimator } from '@sketchgrad/train/language';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addTrainingOptions } from '../../src/options/training.js';
import { writeGraph } from '../command.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcn-numbers-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is shown after each epoch. */
class Shown extends Progress {
  readonly lines: string[] = [];
  override show(done: number, total: number, details: string): void {
    this.lines.push(`${done}/${total} ${details}`);
  }
}

async function trained(estimator: string, ...words: readonly string[]) {
  const dataset = writeGraph(join(folder, 'graph'));
  const given = ['--dataset', dataset, '--hidden', '4', ...words];
  const parsed = addTrainingOptions(new Command()).parse(given, { from: 'user' });
  const options: GraphRunSettings = {
    ...parsed.opts<GraphRunSettings>(),
    estimator: parseEstimator(estimator),
  };
  const data = await loadGraph(options, () => undefined);
  const shown = new Shown('epoch');
  const backend = createReferenceBackend();
  const result = await trainNetwork(options, { backend, data, progress: shown });
  await backend.dispose();
  return { dataset, result, lines: shown.lines };
}

test('the best epoch is the first of those with the highest score on valid, counted from 1', async () => {
  const epochs = 12;
  const { dataset, result, lines } = await trained('rmm:count:0.5', '--epochs', `${epochs}`);
  const valid = lines.map((line) => Number(/valid (\d\.\d{4})/.exec(line)![1]));
  expect(lines.map((line) => line.split(' ')[0])).toEqual(
    Array.from({ length: epochs }, (_, epoch) => `${epoch + 1}/${epochs}`),
  );
  expect(new Set(valid).size).toBeGreaterThan(1);
  expect(result.bestEpoch).toBe(1 + valid.indexOf(Math.max(...valid)));
  expect(result.metrics.valid).toBeCloseTo(Math.max(...valid), 4);
  expect(lines.map((line) => /loss (\S+)/.exec(line)![1])).toEqual(
    result.loss.map((loss) => loss.toFixed(4)),
  );
  expect(result).toMatchObject({
    ...{ dataset, model: 'gcn', layers: 2, hidden: 4, backend: 'reference', keep: {} },
    ...{ estimator: 'rmm', sketch: 'count', rate: 0.5, recompute: 'cheap', seed: 0 },
    ...{ epochs, steps: epochs, metric: 'accuracy' },
  });
  expect(result.measuredPeakBytes).toBe(result.plannedPeakBytes);
  expect(result.linearKeptBytes).toBeLessThan(result.keptBytes);
});

test('parts of a graph, drawn anew in each epoch, share what is compiled', async () => {
  const { result } = await trained('dense', '--epochs', '8', '--batch', 'clusters:6:2');
  expect(result.steps).toBe(24);
  expect(result.executables).toBeGreaterThan(1);
  expect(result.executables).toBeLessThanOrEqual(16);
  expect(result.emptyRows).toBeLessThan(0.1);
  const whole = await trained('dense', '--epochs', '2');
  expect(whole.result).toMatchObject({ executables: 2, emptyRows: 0 });
});

test('patience ends a run so many epochs after the least loss on valid', async () => {
  const { result } = await trained(
    'dense',
    '--epochs',
    '200',
    '--learning-rate',
    '0.5',
    '--patience',
    '3',
  );
  expect(result.epochs).toBeLessThan(200);
  expect(result.loss).toHaveLength(result.epochs);
  expect(result.steps).toBe(result.epochs);
});

test('evaluating less often changes no update, and has fewer epochs to choose from', async () => {
  const often = await trained('dense', '--epochs', '6', '--seed', '5');
  const seldom = await trained('dense', '--epochs', '6', '--seed', '5', '--evaluate-every', '4');
  expect(seldom.result.loss).toEqual(often.result.loss);
  expect(seldom.lines.map((line) => line.includes('valid'))).toEqual([
    false,
    false,
    false,
    true,
    false,
    true,
  ]);
  expect([4, 6]).toContain(seldom.result.bestEpoch);
  expect(often.result.seed).toBe(5);
});
