import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import type { FitOptions } from '../src/index.js';
import * as sketchgrad from '../src/index.js';
import { reference } from './models.js';

const { layers: of } = layers;
const COMPILED = { optimizer: 'adam', loss: 'meanSquaredError' } as const;
const options: FitOptions = { backend: reference, batchSize: 16 };

it('meets a budget that exact gradients meet, whatever its candidates work in', async () => {
  const convnet = () => {
    const model = layers.sequential({
      layers: [
        of.conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 3] }),
        of.flatten(),
        of.dense({ units: 1 }),
      ],
    });
    model.compile(COMPILED);
    return model;
  };
  const [x, y] = [tf.ones([16, 8, 8, 3]), tf.ones([16, 1])];
  const { peakBytes } = (await sketchgrad.fit(convnet(), x, y, options)).plan;
  const { plan } = await sketchgrad.fit(convnet(), x, y, { ...options, memoryBudget: peakBytes });
  expect(plan.peakBytes).toBeLessThanOrEqual(peakBytes);
  const refused = sketchgrad.fit(convnet(), x, y, { ...options, memoryBudget: peakBytes / 4 });
  const least = /the least is [^(]*\((\d+) bytes\)/.exec(String(await refused.catch(String)));
  expect(Number(least![1])).toBeLessThanOrEqual(peakBytes);
});

it('chooses for each use of a layer that has several, and for layers of one name', async () => {
  const [a, b] = [layers.input({ shape: [32] }), layers.input({ shape: [32] })];
  const shared = of.dense({ units: 48, activation: 'gelu' });
  const nested = () =>
    layers.sequential({ layers: [of.dense({ units: 16, name: 'own', inputShape: [48] })] });
  const apart = [a, b].map((each) => nested().apply(shared.apply(each)) as layers.SymbolicTensor);
  const model = layers.model({
    inputs: [a, b],
    outputs: of.dense({ units: 1 }).apply(of.add().apply(apart)) as layers.SymbolicTensor,
  });
  model.compile(COMPILED);
  const x = tf.randomNormal([16, 32], 0, 1, 'float32', 5);
  const given = [[x, tf.neg(x)], tf.ones([16, 1])] as const;
  const { plan } = await sketchgrad.fit(model, [...given[0]], given[1], options);
  const memoryBudget = Math.round(0.9 * plan.keptBytes);
  const within = await sketchgrad.fit(model, [...given[0]], given[1], {
    ...{ ...options, memoryBudget, budgetOf: 'kept' },
  });
  expect(within.plan.keptBytes).toBeLessThanOrEqual(memoryBudget);
});
