import { type GradientEstimator, gaussian, loadBackend, rmm } from '@sketchgrad/core';
import { batchSource, encodeExamples } from '@sketchgrad/datasets';
import { loadTokenizer, readWordNet } from '@sketchgrad/datasets/node';
import { loadClassifier } from '@sketchgrad/models/node';
import { fineTune } from '@sketchgrad/train';
import { expect, it } from 'vitest';

const BATCH = 32;

/** So many steps of the demo's run: each step's loss before its update, and how many of the last examples it gets right. */
async function run(
  steps: number,
  name: 'cpu' | 'tfjs',
  options: Record<string, unknown>,
  estimator?: GradientEstimator,
) {
  const backend = await loadBackend(name, options);
  const train = await readWordNet({ split: 'train', maxExamples: steps * BATCH });
  const dev = await readWordNet({ split: 'dev', maxExamples: 100 });
  const model = await loadClassifier('minilm', { labels: train.task.labels });
  const tokenizer = await loadTokenizer(model.tokenizerPath);
  const asData = (examples: typeof train) =>
    batchSource(encodeExamples(examples, tokenizer, { maxLength: 64 }));
  const losses: number[] = [];
  const { metrics } = await fineTune(model, {
    ...{ backend, data: asData(train), batchSize: BATCH, epochs: 1, learningRate: 5e-4 },
    ...{ recompute: 'none', ...(estimator && { estimator }) },
    evaluation: { data: asData(dev), metrics: train.task.metrics },
    onStep: ({ loss }) => losses.push(loss),
  });
  await backend.dispose();
  return { losses, accuracy: metrics.accuracy! };
}

const WAYS = [
  ['exactly', 20, undefined],
  ['with Gaussian sketches', 5, rmm({ sketch: gaussian(), rate: 0.1 })],
] as const;

it.each(WAYS)(
  'learns as the cpu backend does, step by step, %s',
  async (_, steps, way) => {
    const own = await run(steps, 'tfjs', { platform: 'node' }, way);
    const other = await run(steps, 'cpu', {}, way);
    expect(own.losses).toHaveLength(steps);
    for (const [step, loss] of own.losses.entries())
      expect(Math.abs(loss / other.losses[step]! - 1), `step ${step}`).toBeLessThan(1e-3);
    expect(Math.abs(own.accuracy - other.accuracy)).toBeLessThanOrEqual(0.02);
  },
  300_000,
);
