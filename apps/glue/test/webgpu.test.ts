import { join } from 'node:path';
import { loadBackend } from '@sketchgrad/core';
import { tokenize } from '@sketchgrad/datasets';
import { loadTokenizer } from '@sketchgrad/datasets/node';
import { loadClassifier } from '@sketchgrad/models/node';
import { gpuEnvironment, prepareGpu } from '@sketchgrad/testing/gpu';
import { fineTune } from '@sketchgrad/train';
import { expect, it } from 'vitest';
import { onlyJson, start } from './command.js';
import { temporaryFolder, tinyConfig, tinyRun, writeTinyModel } from './tiny-model.js';

await prepareGpu();

/** Of 2 to 11 letters; which are in it says which class it is. */
const ROWS = Array.from({ length: 160 }, (_, row) => {
  const label = (row * 7) % 2;
  const letters = Array.from(
    { length: 2 + ((row * 5) % 10) },
    (_, at) => 'abcdefghij'[5 * label + ((3 * row + 7 * at) % 5)],
  );
  return { first: letters.join(' '), label };
});

/** The loss of each of 20 steps with dropout, before its update. */
async function losses(name: 'cpu' | 'webgpu'): Promise<readonly number[]> {
  const config = { ...tinyConfig, hidden_size: 32, num_attention_heads: 4, intermediate_size: 64 };
  const folder = writeTinyModel(join(temporaryFolder(), 'model'), { config });
  const model = await loadClassifier(folder, { labels: ['first', 'second'], randomWeights: true });
  const tokenizer = await loadTokenizer(model.tokenizerPath);
  const data = tokenize(ROWS, tokenizer, { maxLength: 16 });
  const backend = await loadBackend(name);
  const found: number[] = [];
  const onStep = ({ loss }: { readonly loss: number }) => void found.push(loss);
  await fineTune(model, {
    ...{ backend, data, batchSize: 8, epochs: 1, learningRate: 1e-3, onStep },
  });
  await backend.dispose();
  return found;
}

it('learns as the cpu backend does, step by step', async () => {
  const [own, other] = [await losses('webgpu'), await losses('cpu')];
  expect(own).toHaveLength(20);
  for (const [step, loss] of own.entries())
    expect(Math.abs(loss / other[step]! - 1), `step ${step}`).toBeLessThan(1e-4);
  expect(new Set(own).size).toBe(20);
});

it('fine-tunes and scores in a process of its own', async () => {
  const folder = temporaryFolder();
  const { ended } = start([...tinyRun(folder), '--backend', 'webgpu'], await gpuEnvironment());
  const result = onlyJson(await ended);
  expect(result).toMatchObject({ backend: 'webgpu', steps: 12 });
  expect(result.measuredPeakBytes).toBe(result.plannedPeakBytes);
  const loss = result.loss as number[];
  expect(loss[1]).toBeLessThan(loss[0]!);
});

it('makes a step of MiniLM', async () => {
  const { ended } = start(
    [
      ...['step', '--backend', 'webgpu', '--batch-size', '2', '--sequence', '16'],
      ...['--steps', '1', '--json'],
    ],
    await gpuEnvironment(),
  );
  const { results } = onlyJson(await ended) as { results: Record<string, unknown>[] };
  expect(results).toHaveLength(1);
  expect(results[0]!.measuredPeakBytes).toBe(results[0]!.plannedPeakBytes);
}, 300_000);
