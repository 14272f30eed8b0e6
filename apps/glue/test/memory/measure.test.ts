import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gaussian, graphCost, rmm } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { loadTokenizer } from '@sketchgrad/datasets/node';
import { BUILT_IN_CONFIGS, EncoderClassifier } from '@sketchgrad/models';
import { loadClassifier } from '@sketchgrad/models/node';
import { traceTrainingStep } from '@sketchgrad/train';
import { parseWay } from '@sketchgrad/train/language';
import { expect, test } from 'vitest';
import { memoryRows } from '../../src/memory/measure.js';
import { taskShapes } from '../../src/memory/task-shapes.js';
import { defaultLayer } from '../../src/runs/probe-on-task.js';
import { temporaryFolder, writeTinyModel } from '../tiny-model.js';

const backend = createReferenceBackend();
const tiny = () => writeTinyModel(join(temporaryFolder(), 'model'));

test('bytes are of the largest batch, their mean is weighted by how many batches are so large', async () => {
  const model = await loadClassifier(tiny(), { labels: ['no', 'yes'], randomWeights: true });
  const planned = (rows: number, own: object) => {
    const shape = { batchSize: 4, rows, longest: 5 };
    const graph = traceTrainingStep(model, { shape, ...own });
    const { keptBytes, peakBytes } = backend.plan(graph);
    return { keptBytes, peakBytes, flops: graphCost(graph).flops };
  };
  const batches = new Map([
    [8, 3],
    [20, 1],
    [12, 6],
  ]);
  const settings = [
    { recompute: 'none' },
    { recompute: 'cheap', estimator: rmm({ sketch: gaussian(), rate: 0.25 }) },
  ];
  const notes: string[] = [];
  const rows = memoryRows(
    model,
    backend,
    [parseWay('dense none'), parseWay('rmm:0.25')],
    { task: 'cola', split: 'dev', batchSize: 4, longest: 5, batches },
    (text) => notes.push(text),
  );
  expect(notes).toEqual([]);
  const [first] = settings.map((own) => planned(20, own));
  settings.forEach((own, index) => {
    const [short, middle, long] = [8, 12, 20].map((length) => planned(length, own));
    const mean = (3 * short!.keptBytes + 6 * middle!.keptBytes + long!.keptBytes) / 10;
    expect(rows[index]).toMatchObject({
      ...{ task: 'cola', split: 'dev', batchSize: 4, rows: 20, longest: 5 },
      ...{ keptBytes: long!.keptBytes, peakBytes: long!.peakBytes },
      meanKeptBytes: Math.round(mean),
      keptRatio: expect.closeTo(long!.keptBytes / first!.keptBytes, 12),
      peakRatio: expect.closeTo(long!.peakBytes / first!.peakBytes, 12),
      extraFlops: long!.flops - first!.flops,
    });
  });
  expect(rows.map(({ way }) => way)).toEqual(['dense none', 'rmm:0.25']);
  expect(rows[1]!.extraFlops).not.toBe(0);
});

/** CoLA with sentences of so many letters. */
async function shapesOf(letters: readonly number[], own: object = {}) {
  const model = tiny();
  const data = join(model, '..', 'data');
  mkdirSync(join(data, 'CoLA'), { recursive: true });
  const lines = letters.map((count) => `x\t1\t\t${Array(count).fill('a').join(' ')}\n`);
  writeFileSync(join(data, 'CoLA', 'train.tsv'), lines.join(''));
  writeFileSync(join(data, 'CoLA', 'dev.tsv'), lines.join(''));
  const tokenizer = await loadTokenizer(model);
  const settings = { batchSize: 2, sequence: 32, seed: 1, ...own };
  return taskShapes('cola', data, tokenizer, settings);
}

test('an epoch has its whole batches, each with its tokens, or as many as a few sizes have', async () => {
  const { batches, ...rest } = await shapesOf([3, 3, 3, 3, 3]);
  // With their two ends three letters are five tokens.
  expect(rest).toEqual({ task: 'cola', split: 'train', batchSize: 2, longest: 5 });
  expect([...batches]).toEqual([[10, 2]]);
  expect([...(await shapesOf([15, 2])).batches]).toEqual([[21, 1]]);
  expect([...(await shapesOf([3, 20, 2, 5], { batchSize: 4 })).batches]).toEqual([[38, 1]]);
  const cut = await shapesOf([3, 20, 2, 5], { batchSize: 4, sequence: 16 });
  expect(cut).toMatchObject({ longest: 16, batches: new Map([[32, 1]]) });
  const padded = await shapesOf([3, 20, 2, 5], { padTo: 32 });
  expect(padded).toMatchObject({ longest: 32, batches: new Map([[64, 2]]) });
  // Fewer than a batch: one, of all of them.
  expect([...(await shapesOf([3, 20, 2], { batchSize: 4 })).batches]).toEqual([[31, 1]]);
  // Of more numbers of tokens than a run compiles graphs for, few.
  const many = await shapesOf(
    Array.from({ length: 30 }, (_, i) => 1 + i),
    { batchSize: 1 },
  );
  expect(many.batches.size).toBeLessThanOrEqual(11);
  expect([...many.batches.values()].reduce((sum, count) => sum + count, 0)).toBe(30);
  // The first so many only.
  const first = await shapesOf([3, 7, 2, 20], { batchSize: 3, maxExamples: 3 });
  expect([...first.batches]).toEqual([[18, 1]]);
});

test('the layer that is looked at is the last of block 7 of 12, or as deep elsewhere', () => {
  const blocks = [1, 2, 4, 6, 12, 24].map((layers) =>
    defaultLayer(new EncoderClassifier({ ...BUILT_IN_CONFIGS.minilm, layers }, { name: 'random' })),
  );
  const named = (block: number) => `encoder.layer.${block}.output.dense`;
  // A block that is the last one has keys and values of all rows alone.
  expect(blocks[0]).toBe('encoder.layer.0.attention.self.key_value');
  expect(blocks.slice(1)).toEqual([
    'encoder.layer.1.attention.self.key_value',
    ...[2, 4, 7, 14].map(named),
  ]);
  const whole = { ...BUILT_IN_CONFIGS.minilm, lastLayer: 'all' } as const;
  expect(defaultLayer(new EncoderClassifier(whole, { name: 'random' }))).toBe(named(4));
});
