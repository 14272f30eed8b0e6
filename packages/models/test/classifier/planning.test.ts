import {
  adamw,
  backward,
  dense,
  type GradientEstimator,
  gaussian,
  input,
  type MemoryPlan,
  parameter,
  persistent,
  planMemory,
  type RecomputeMode,
  recompute,
  rmm,
  sentenceShape,
  trace,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import type { EncoderClassifier } from '../../src/index.js';
import { loadClassifier } from '../../src/node/index.js';

const GIB = 2 ** 30;
const shape = sentenceShape(16, 128);
const sketched = rmm({ sketch: gaussian(), rate: 0.1 });

/** A whole training step with AdamW, as training traces it. */
function planStep(
  model: EncoderClassifier,
  estimator: GradientEstimator,
  mode: RecomputeMode,
  size = shape,
): MemoryPlan {
  const graph = trace(() => {
    const { loss } = model.build({ shape: size, training: true, estimator });
    const settings = input('settings', [8]);
    const decays = new Map(model.parameters.map(({ name, decay }) => [name, decay]));
    const parameters = model.parameters.map((each) => parameter(each.name, each.shape));
    backward(loss, parameters, (value, gradient) => {
      const name = String(value.node.attributes.name);
      const first = persistent(`${name}.first`, value.shape, 'optimizer');
      const second = persistent(`${name}.second`, value.shape, 'optimizer');
      adamw([value, gradient, first, second, settings], { decay: decays.get(name)! });
    });
    return { loss };
  });
  return planMemory(recompute(graph, mode));
}

/** Floats kept in the layers, per token and layer, in units of the hidden size. */
function unitsPerLayer(model: EncoderClassifier, plan: MemoryPlan): number {
  const bytes = plan.kept
    .filter(({ scope }) => scope.startsWith('encoder.layer.'))
    .reduce((sum, kept) => sum + kept.bytes, 0);
  const { hiddenSize, layers } = model.config;
  return bytes / (4 * shape.rows * hiddenSize * layers);
}

describe.each(['minilm', 'roberta-base'])('what %s keeps', async (name) => {
  const model = await loadClassifier(name, { randomWeights: true, lastLayer: 'all' });

  // Of 2 normalised inputs, query, key and value, attention's output and GELU's input (4), the last
  // layer lacks what its own output would add in 'none' and 'block'; log-sum-exps come on top.
  it.each([
    ['dense', 'none', 16],
    ['dense', 'cheap', 10],
    ['dense', 'projections', 7],
    ['dense', 'block', 1],
    ['rmm', 'none', 9.7],
    ['rmm', 'cheap', 9.7],
    ['rmm', 'projections', 6.7],
    ['rmm', 'block', 1],
  ] as const)('%s, recompute %s: about %d × hidden a token and layer', (kind, mode, units) => {
    const plan = planStep(model, kind === 'dense' ? dense() : sketched, mode);
    const kept = unitsPerLayer(model, plan);
    const fromLastLayer = mode === 'cheap' || mode === 'projections' ? 0 : 1 / model.config.layers;
    expect(kept).toBeGreaterThan(units - fromLastLayer - 0.01);
    expect(kept).toBeLessThan(units + 0.06);
    expect(plan.arenaBytes).toBeLessThanOrEqual(1.05 * plan.largestLiveBytes);
  });

  it('one sketch of each input that linear layers read', () => {
    const { schedule } = planStep(model, sketched, 'cheap');
    for (let layer = 0; layer < model.config.layers; layer++) {
      const inputs = schedule
        .filter(({ op, stage }) => op.name === 'sketch' && stage === 'forward')
        .filter(({ scope }) => scope.startsWith(`encoder.layer.${layer}.`))
        .map(({ scope }) => scope.slice(`encoder.layer.${layer}.`.length));
      expect(inputs).toEqual(['attention', 'attention', 'feedForward', 'feedForward']);
    }
    expect(schedule.some(({ op, scope }) => op.name === 'sketch' && scope === 'head')).toBe(false);
  });
});

it('plans RoBERTa-base at 128 × 128 with AdamW below 8 GiB', async () => {
  const model = await loadClassifier('roberta-base', { randomWeights: true });
  const plan = planStep(model, dense(), 'cheap', sentenceShape(128, 128));
  expect(plan.peakBytes).toBeLessThan(8 * GIB);
  expect(plan.arenaBytes).toBeLessThanOrEqual(1.05 * plan.largestLiveBytes);
});
