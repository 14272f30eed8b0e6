import {
  count,
  crossEntropy,
  dense,
  estimatorOf,
  type GradientEstimator,
  gather,
  gelu,
  input,
  type LayerEstimators,
  linear,
  newKey,
  parameter,
  planMemory,
  type RecomputeMode,
  rmm,
  type SentenceShape,
  sentenceShape,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it, test } from 'vitest';
import { exactWhereFree } from '../../src/free-inputs/exact-where-free.js';
import {
  type FineTuneOptions,
  fineTune,
  freeLayers,
  keptBeyondDense,
  type ProbeRecord,
  type TrainableModel,
  type TrainingStepOptions,
  traceTrainingStep,
} from '../../src/index.js';
import { layersOf } from '../../src/step/layers-of.js';
import { tokenNetwork } from '../budget/token-network.js';
import { TinyModel, tinyData } from '../tiny-model.js';

const shape = sentenceShape(8, 6);
const sketched = rmm({ sketch: count(), rate: 0.5 });

/** Three layers of one size: the first reads embeddings, the second a product, the third a GELU. */
const unlikeLayers: TrainableModel = {
  ...tokenNetwork,
  parameters: ['embedding', 'layer.0', 'layer.1', 'layer.2'].map((name) => {
    return { name, shape: [name === 'embedding' ? 11 : 8, 8], decay: true };
  }),
  build({ shape: { rows }, training, estimator = dense() }) {
    const key = training ? input('key', [2], 'i32') : undefined;
    const layer = (x: Parameters<typeof linear>[0], index: number) => {
      const name = `layer.${index}`;
      const own = estimatorOf(estimator, { name, rows, inputs: 8, outputs: 8 });
      const options = key && { estimator: own, name, key: newKey(key) };
      return linear(x, parameter(name, [8, 8]), undefined, options);
    };
    const tokens = input('tokenIds', [rows], 'i32');
    const x = gather(parameter('embedding', [11, 8]), tokens);
    const predictions = layer(gelu(layer(layer(x, 0), 1)), 2);
    return { loss: crossEntropy(predictions, input('labels', [rows], 'i32'))[0], predictions };
  },
};

// In the network over tokens each input is gathered by tokens' numbers, or a GELU of what that
// GELU's own derivative needs. The tiny model reads sums over tokens, which are kept for it alone.
test.for<[name: string, recompute: RecomputeMode, model: TrainableModel, free: string[]]>([
  ['the network over tokens', 'none', tokenNetwork, []],
  ['the network over tokens', 'cheap', tokenNetwork, ['hiddenA', 'hiddenB', 'hiddenC']],
  ['the tiny model', 'cheap', new TinyModel(), []],
  ['layers that differ though they are named alike', 'none', unlikeLayers, []],
  ['layers that differ though they are named alike', 'cheap', unlikeLayers, ['layer.0', 'layer.2']],
])('in %s with recompute %s gradients are exact where free', ([, recompute, model, free]) => {
  expect([...freeLayers(traceTrainingStep, model, { recompute })]).toEqual(free);
  const choice = exactWhereFree(sketched, traceTrainingStep, model, { recompute })!;
  for (const layer of layersOf(model, shape)) {
    const { name } = estimatorOf(choice, layer);
    expect([layer.name, name]).toEqual([
      layer.name,
      free.includes(layer.name) ? 'dense' : sketched.name,
    ]);
  }
});

test('a choice by layer is asked where the input is not free', () => {
  const asked: string[] = [];
  const choice = exactWhereFree(
    ({ name }) => {
      asked.push(name);
      return sketched;
    },
    traceTrainingStep,
    unlikeLayers,
  )!;
  const chosen = layersOf(unlikeLayers, shape).map((layer) => estimatorOf(choice, layer).name);
  expect(chosen).toEqual(['dense', sketched.name, 'dense']);
  expect(asked).toEqual(['layer.1']);
});

describe('a step', () => {
  const kept = (options: Partial<TrainingStepOptions<SentenceShape>>, model = tokenNetwork) =>
    planMemory(traceTrainingStep(model, { shape, ...options })).keptBytes;

  it('keeps no more than with exact gradients, unless every layer is to be compressed', () => {
    for (const model of [tokenNetwork, unlikeLayers]) {
      expect(kept({ estimator: sketched }, model)).toBeLessThanOrEqual(kept({}, model));
      expect(kept({ estimator: sketched, everyLayer: true }, model)).toBeGreaterThan(
        kept({ estimator: sketched }, model),
      );
    }
  });

  it('is compressed everywhere where nothing is made again', () => {
    const none = { estimator: sketched, recompute: 'none' } as const;
    expect(kept(none)).toBe(kept({ ...none, everyLayer: true }));
    expect(kept(none)).toBeLessThan(kept({ recompute: 'none' }));
  });

  it('keeps in few bits what an exact gradient would then read', () => {
    // The GELU's input is codes, so that its output is no longer to be had from it.
    const keep = { gelu: 3 } as const;
    expect([...freeLayers(traceTrainingStep, tokenNetwork, { keep })]).toEqual(['hiddenA']);
  });
});

describe('a run', () => {
  const run = async (options: Partial<FineTuneOptions>) => {
    const warnings: string[] = [];
    const { plan, loss } = await fineTune(tokenNetwork, {
      backend: createReferenceBackend(),
      data: tinyData({ count: 16 }),
      epochs: 2,
      learningRate: 0.05,
      batchSize: 8,
      onWarning: (message) => warnings.push(message),
      ...options,
    });
    return { keptBytes: plan.keptBytes, loss, warnings };
  };
  const estimator: GradientEstimator | LayerEstimators = sketched;

  it('is exact to the bit where all inputs are free', async () => {
    const exact = await run({});
    expect(await run({ estimator })).toEqual(exact);
    expect(exact.warnings).toEqual([]);
  });

  it('says by how much every layer compressed keeps more', async () => {
    const [exact, every] = [await run({}), await run({ estimator, everyLayer: true })];
    expect(every.loss).not.toEqual(exact.loss);
    expect(every.warnings).toEqual([keptBeyondDense(every.keptBytes, exact.keptBytes)]);
    expect(every.warnings[0]).toMatch(/^a step keeps .* more than with exact gradients/);
  });

  it('probes a layer that has its exact gradient', async () => {
    const records: ProbeRecord[] = [];
    const probe = {
      ...{ layers: ['hiddenB'], estimator },
      onRecord: (record: ProbeRecord) => records.push(record),
    };
    await run({ estimator, probe });
    expect(records.map(({ step, layer, dRmm2 }) => [step, layer, dRmm2 > 0])).toEqual(
      [1, 2, 3, 4].map((step) => [step, 'hiddenB', true]),
    );
  });
});
