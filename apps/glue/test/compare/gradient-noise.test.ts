import { join } from 'node:path';
import type { SentenceBatch } from '@sketchgrad/core';
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
const shape = { batchSize: 3, sequence: 6 };
const tokens = shape.batchSize * shape.sequence;

/** Batches that differ. */
const batches = [0, 1, 2, 3, 4].map(
  (batch): SentenceBatch => ({
    ...shape,
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
  const built = estimator && buildEstimator(settleEstimator(parseWay(estimator).estimator, {}));
  const graph = traceTrainingStep(model.withoutDropout(), {
    ...{ shape, accumulation: 'add', examples: shape.batchSize },
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

const squared = (a: readonly number[], b?: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + (value - (b?.[i] ?? 0)) ** 2, 0);

test('noise is the mean ‖ĝ − g‖² over half the mean ‖g − g′‖² of the pairs', async () => {
  const model = await loaded();
  const sketch = 'rmm:count:0.5';
  const steps: string[] = [];
  const [dense, block, sketched] = await gradientNoise(
    model,
    ['dense', 'dense block', sketch].map((text) => parseWay(text)),
    { backend, batches, seed: SEED, onStep: (done, total) => steps.push(`${done}/${total}`) },
  );
  const exact = await Promise.all(batches.map((batch) => gradient(model, batch)));
  const noisy = await Promise.all([0, 2].map((at) => gradient(model, batches[at]!, sketch)));
  const error = squared(noisy[0]!, exact[0]) + squared(noisy[1]!, exact[2]);
  const variance = (squared(exact[0]!, exact[1]) + squared(exact[2]!, exact[3])) / 2;
  const power = squared(exact[0]!) + squared(exact[2]!);
  expect(error).toBeGreaterThan(0);
  expect(sketched!.addedNoise / (error / variance)).toBeCloseTo(1, 6);
  expect(sketched!.relativeError / Math.sqrt(error / power)).toBeCloseTo(1, 6);
  expect(dense).toEqual({ addedNoise: 0, relativeError: 0 });
  // A fifth batch makes no pair. Three ways and the two batches of each of two pairs.
  expect(steps).toEqual(Array.from({ length: 10 }, (_, i) => `${i + 1}/10`));
  expect(block!.addedNoise).toBeLessThan(1e-9);
});

test('rows that are ranked by their own gradients add less than rows ranked alike', async () => {
  const model = await loaded();
  const ways = ['rows:optimal:0.5', 'rows:uniform:0.5'].map((text) => parseWay(text));
  const [optimal, uniform] = await gradientNoise(model, ways, { backend, batches, seed: SEED });
  expect(optimal!.addedNoise).toBeGreaterThan(0);
  expect(optimal!.addedNoise).toBeLessThan(uniform!.addedNoise);
});
