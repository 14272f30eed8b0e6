import { join } from 'node:path';
import { orSayWhatAccumulates } from '@sketchgrad/bench/node';
import { PlanError } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { batchSource, encodeExamples, wordNetTask } from '@sketchgrad/datasets';
import { loadTokenizer } from '@sketchgrad/datasets/node';
import { loadClassifier } from '@sketchgrad/models/node';
import { traceTrainingStep } from '@sketchgrad/train';
import { expect, test } from 'vitest';
import { temporaryFolder, writeTinyModel } from '../tiny-model.js';

const backend = createReferenceBackend();

async function adviceFor(fitting: number, batchSize: number): Promise<string> {
  const folder = writeTinyModel(join(temporaryFolder(), 'model'));
  const model = await loadClassifier(folder, { labels: ['no', 'yes'], randomWeights: true });
  const long = 'a b c d e f g h i j k a b c d e f';
  const rows = Array.from({ length: 40 }, (_, i) => ({
    first: i % 6 === 3 ? long : 'a b c',
    label: 0,
  }));
  const tokenizer = await loadTokenizer(folder);
  const task = { ...wordNetTask, labels: ['no', 'yes'] };
  const data = batchSource(encodeExamples({ task, rows }, tokenizer, { maxLength: 32 }));
  // The longest of the data: with two ends seven of 19 tokens, then of 5.
  const tokens = Math.min(fitting, 7) * 19 + Math.max(0, fitting - 7) * 5;
  const shape = { batchSize: fitting, rows: tokens, longest: 19 };
  const { arenaBytes } = backend.plan(
    traceTrainingStep(model, { shape, accumulation: 'apply', examples: shape.batchSize }),
  );
  const refused = orSayWhatAccumulates(
    () => Promise.reject(new PlanError('too much', 2 * arenaBytes, arenaBytes)),
    model,
    { backend, data, batchSize },
  );
  return refused.then(
    () => expect.unreachable(),
    (error) => (error as PlanError).message,
  );
}

test.for([
  [8, 32, '--accumulate 4 fits: 8 examples at a time'],
  [7, 32, '--accumulate 8 fits: 4 examples at a time'],
  [9, 12, '--accumulate 2 fits: 6 examples at a time'],
  [4, 15, '--accumulate 5 fits: 3 examples at a time'],
  [1, 7, '--accumulate 7 fits: 1 examples at a time'],
] as const)('where %i of %i fit, %s', async ([fitting, batchSize, advice]) => {
  expect(await adviceFor(fitting, batchSize)).toBe(`too much. With all else the same, ${advice}`);
});
