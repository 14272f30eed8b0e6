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

test('bytes are of the longest batch, their mean is weighted by how many batches are so long', async () => {
  const model = await loadClassifier(tiny(), { labels: ['no', 'yes'], randomWeights: true });
  const planned = (sequence: number, own: object) => {
    const graph = traceTrainingStep(model, { shape: { batchSize: 4, sequence }, ...own });
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
    { task: 'cola', split: 'dev', batchSize: 4, batches },
    (text) => notes.push(text),
  );
  expect(notes).toEqual([]);
  const [first] = settings.map((own) => planned(20, own));
  settings.forEach((own, index) => {
    const [short, middle, long] = [8, 12, 20].map((length) => planned(length, own));
    const mean = (3 * short!.keptBytes + 6 * middle!.keptBytes + long!.keptBytes) / 10;
    expect(rows[index]).toMatchObject({
      ...{ task: 'cola', split: 'dev', batchSize: 4, sequence: 20 },
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

test('an epoch has its whole batches, each as long as the bucket of its longest example', async () => {
  const { batches, ...rest } = await shapesOf([3, 3, 3, 3, 3]);
  expect(rest).toEqual({ task: 'cola', split: 'train', batchSize: 2 });
  expect([...batches]).toEqual([[16, 2]]);
  // With their two ends 14 letters are 16 tokens, and 15 are 17.
  expect([...(await shapesOf([14, 14])).batches]).toEqual([[16, 1]]);
  expect([...(await shapesOf([15, 2])).batches]).toEqual([[32, 1]]);
  expect([...(await shapesOf([3, 20, 2, 5], { batchSize: 4 })).batches]).toEqual([[32, 1]]);
  expect([...(await shapesOf([3, 20, 2, 5], { sequence: 16 })).batches]).toEqual([[16, 2]]);
  // Fewer than a batch: one, of all of them.
  expect([...(await shapesOf([3, 20, 2], { batchSize: 4 })).batches]).toEqual([[32, 1]]);
  // The first so many only.
  const first = await shapesOf([3, 7, 2, 20], { batchSize: 3, maxExamples: 3 });
  expect([...first.batches]).toEqual([[16, 1]]);
});

test('the layer that is looked at is the last of block 7 of 12, or as deep elsewhere', () => {
  const blocks = [1, 2, 4, 6, 12, 24].map((layers) =>
    defaultLayer(new EncoderClassifier({ ...BUILT_IN_CONFIGS.minilm, layers }, { name: 'random' })),
  );
  expect(blocks).toEqual([0, 1, 2, 4, 7, 14].map((block) => `encoder.layer.${block}.output.dense`));
});
