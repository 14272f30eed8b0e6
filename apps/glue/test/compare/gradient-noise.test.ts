import { join } from 'node:path';
import { type SentenceBatch, sentenceShape } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { loadClassifier } from '@sketchgrad/models/node';
import { stateNames, traceTrainingStep } from '@sketchgrad/train';
import { buildEstimator, parseWay, settleEstimator } from '@sketchgrad/train/language';
import { afterAll, expect, test } from 'vitest';
import { gradientNoise } from '../../src/compare/gradient-noise.js';
import { temporaryFolder, writeTinyModel } from '../tiny-model.js';

const backend = createReferenceBackend();
afterAll(() => backend.dispose());

const SEED = 7;
const shape = sentenceShape(3, 6);
const tokens = shape.rows;

/** Batches that differ, of examples of different lengths. */
const batches = [0, 1].map(
  (batch): SentenceBatch => ({
    ...{ ...shape, longest: 9, starts: Int32Array.of(0, 6 - batch, 15 - batch, 18) },
    tokenIds: Int32Array.from(
      { length: tokens },
      (_, i) => 5 + ((3 * i + 5 * batch + i * batch) % 11),
    ),
    tokenTypeIds: new Int32Array(tokens),
    attentionMask: new Int32Array(tokens).fill(1),
    labels: Int32Array.from({ length: shape.batchSize }, (_, i) => (i + batch) % 2),
  }),
);

const loaded = async () => {
  const folder = writeTinyModel(join(temporaryFolder(), 'model'));
  return loadClassifier(folder, { labels: ['no', 'yes'], randomWeights: true });
};

/** A batch's whole gradient, in one array. */
async function gradient(
  model: Awaited<ReturnType<typeof loaded>>,
  batch: SentenceBatch,
  estimator?: string,
): Promise<number[]> {
  const { batchSize, rows, longest } = batch;
  const built = estimator && buildEstimator(settleEstimator(parseWay(estimator).estimator, {}));
  const graph = traceTrainingStep(model.withoutDropout(), {
    ...{ shape: { batchSize, rows, longest }, accumulation: 'add', examples: batchSize },
    ...(built ? { estimator: built } : {}),
  });
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  await model.initialize(state, { seed: SEED });
  const key = graph.inputs.some(({ name }) => name === 'key')
    ? { key: Int32Array.of(SEED, 0) }
    : {};
  await executable.run({ ...model.inputs(batch), ...key });
  const found = [];
  for (const { name } of model.parameters)
    found.push(...(await state.read(stateNames(name).gradient)));
  await executable.dispose();
  return found;
}

/** One of a batch's examples, masked out of it by hand. */
function alone(batch: SentenceBatch, example: number): SentenceBatch {
  const rows = [batch.starts[example]!, batch.starts[example + 1]!] as const;
  const length = rows[1] - rows[0];
  return {
    ...{ batchSize: 1, rows: length, longest: length, starts: Int32Array.of(0, length) },
    tokenIds: batch.tokenIds.slice(...rows),
    tokenTypeIds: new Int32Array(length),
    attentionMask: new Int32Array(length).fill(1),
    labels: batch.labels!.slice(example, example + 1),
  };
}

const squared = (a: readonly number[], b?: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + (value - (b?.[i] ?? 0)) ** 2, 0);

test('noise is the mean ‖ĝ − g‖² over the mean sample variance of examples’ gradients', async () => {
  const model = await loaded();
  const sketch = 'rmm:count:0.5';
  const steps: string[] = [];
  const [dense, block, sketched] = await gradientNoise(
    model,
    ['dense', 'dense block', sketch].map((text) => parseWay(text)),
    { backend, batches, seed: SEED, onStep: (done, total) => steps.push(`${done}/${total}`) },
  );
  const exact = await Promise.all(batches.map((batch) => gradient(model, batch)));
  const noisy = await Promise.all(batches.map((batch) => gradient(model, batch, sketch)));
  const error = squared(noisy[0]!, exact[0]) + squared(noisy[1]!, exact[1]);
  let variance = 0;
  for (const [at, batch] of batches.entries()) {
    const own = await Promise.all([0, 1, 2].map((each) => gradient(model, alone(batch, each))));
    const mean = exact[at]!.map((sum) => sum / 3);
    // Of a sum of three.
    for (const each of own) variance += (3 * squared(each, mean)) / 2;
  }
  const power = squared(exact[0]!) + squared(exact[1]!);
  expect(error).toBeGreaterThan(0);
  expect(sketched!.addedNoise / (error / variance)).toBeCloseTo(1, 4);
  expect(sketched!.relativeError / Math.sqrt(error / power)).toBeCloseTo(1, 6);
  expect(dense).toEqual({ addedNoise: 0, relativeError: 0 });
  // Of each of two batches: the whole, three examples, three ways.
  expect(steps).toEqual(Array.from({ length: 14 }, (_, i) => `${i + 1}/14`));
  expect(block!.addedNoise).toBeLessThan(1e-9);
});

test('rows that are ranked by their own gradients add less than rows ranked alike', async () => {
  const model = await loaded();
  const ways = ['rows:optimal:0.5', 'rows:uniform:0.5'].map((text) => parseWay(text));
  const [optimal, uniform] = await gradientNoise(model, ways, { backend, batches, seed: SEED });
  expect(optimal!.addedNoise).toBeGreaterThan(0);
  expect(optimal!.addedNoise).toBeLessThan(uniform!.addedNoise);
});
