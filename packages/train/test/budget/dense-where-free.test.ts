import {
  count,
  dense,
  type GradientEstimator,
  type LayerEstimators,
  planMemory,
  type RecomputeMode,
  rmm,
} from '@sketchgrad/core';
import { expect, test } from 'vitest';
import { denseWhereFree, type TrainableModel, traceTrainingStep } from '../../src/index.js';
import { layersOf } from '../../src/loop/describe-estimator.js';
import { TinyModel } from '../tiny-model.js';
import { tokenNetwork } from './token-network.js';

const shape = { batchSize: 8, sequence: 6 };
const sketched = rmm({ sketch: count(), rate: 0.5 });

// In the network over tokens each input is gathered by tokens' numbers, or a GELU of what that
// GELU's own derivative needs. The tiny model reads sums over tokens, which are kept for it alone.
test.for<[name: string, recompute: RecomputeMode, model: TrainableModel, free: string[]]>([
  ['the network over tokens', 'none', tokenNetwork, []],
  ['the network over tokens', 'cheap', tokenNetwork, ['hiddenA', 'hiddenB', 'hiddenC']],
  ['the tiny model', 'cheap', new TinyModel(), []],
])('in %s with recompute %s gradients are exact where free', ([, recompute, model, free]) => {
  const choice = denseWhereFree(sketched, model, { recompute });
  const layers = layersOf(model, shape).map((layer) => [layer.name, choice(layer)] as const);
  expect(layers.filter(([, { name }]) => name === 'dense').map(([name]) => name)).toEqual(free);
  expect(layers.filter(([, estimator]) => estimator === sketched).map(([name]) => name)).toEqual(
    layers.map(([name]) => name).filter((name) => !free.includes(name)),
  );
});

test('a step keeps no more than with exact gradients, and less than with the estimator', () => {
  const kept = (estimator: GradientEstimator | LayerEstimators) =>
    planMemory(traceTrainingStep(tokenNetwork, { shape, estimator })).keptBytes;
  const both = kept(denseWhereFree(sketched, tokenNetwork));
  expect(both).toBeLessThan(kept(sketched));
  expect(both).toBeLessThanOrEqual(kept(dense()));
});

test('a choice by layer is asked where the input is not free', () => {
  const asked: string[] = [];
  const model = new TinyModel();
  const choice = denseWhereFree(({ name }) => {
    asked.push(name);
    return sketched;
  }, model);
  for (const layer of layersOf(model, shape)) expect(choice(layer)).toBe(sketched);
  expect(asked).toEqual(['hidden']);
});
