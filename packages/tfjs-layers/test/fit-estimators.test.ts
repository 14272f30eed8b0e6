import { count, quantized, rmm, rows, wtaCrs } from '@sketchgrad/core';
import type { ProbeRecord } from '@sketchgrad/train';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import type { FitOptions } from '../src/index.js';
import * as sketchgrad from '../src/index.js';
import { stir } from './gradients.js';
import { CLASSES, expectClose, IMAGES, reference, weightsOf, x, y } from './models.js';

const { layers: of } = layers;

describe('fit', () => {
  it('takes estimators, and budgets in their place', async () => {
    const wide = () => {
      const model = layers.sequential({
        layers: [
          of.dense({ units: 64, inputShape: [6] }),
          of.dense({ units: 64 }),
          of.dense({ units: CLASSES, activation: 'softmax' }),
        ],
      });
      model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
      return model;
    };
    const options: FitOptions = { backend: reference, everyLayer: true, recompute: 'none' };
    const dense = await sketchgrad.fit(wide(), x, y, options);
    const sketched = await sketchgrad.fit(wide(), x, y, {
      ...options,
      estimator: rmm({ sketch: count(), rate: 0.2 }),
    });
    const coded = await sketchgrad.fit(wide(), x, y, {
      ...options,
      estimator: quantized({ bits: 4 }),
    });
    expect(sketched.plan.keptBytes).toBeLessThan(dense.plan.keptBytes);
    expect(coded.plan.keptBytes).toBeLessThan(dense.plan.keptBytes);
    const budget = Math.round((dense.plan.keptBytes + coded.plan.keptBytes) / 2);
    const within = await sketchgrad.fit(wide(), x, y, {
      ...options,
      everyLayer: false,
      memoryBudget: budget,
      budgetOf: 'kept',
    });
    expect(within.plan.keptBytes).toBeLessThanOrEqual(budget);
  });

  it('takes them in convolutions too', async () => {
    const fitted = async (options: Partial<FitOptions> = {}) => {
      const model = layers.sequential({
        layers: [
          of.conv2d({ filters: 32, kernelSize: 3, padding: 'same', inputShape: [8, 6, 2] }),
          of.conv2d({ filters: 32, kernelSize: [3, 2], strides: 2 }),
          of.reshape({ targetShape: [9, 32] }),
          of.conv1d({ filters: 24, kernelSize: 2 }),
          of.flatten(),
          of.dense({ units: CLASSES, activation: 'softmax' }),
        ],
      });
      stir(model);
      model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
      const run = await sketchgrad.fit(model, IMAGES, y, {
        ...{ backend: reference, batchSize: 10, recompute: 'none', everyLayer: true, ...options },
      });
      return { run, weights: weightsOf(model) };
    };
    const dense = await fitted();
    const { keptBytes } = dense.run.plan;
    for (const estimator of [
      rmm({ sketch: count(), rate: 0.1 }),
      quantized({ bits: 3 }),
      rows({ by: 'norm', rate: 0.2 }),
      // Rows by guesses of their gradients' norms, of layers with as many rows of an image as they have pixels.
      wtaCrs({ rate: 0.2 }),
    ]) {
      const { run, weights } = await fitted({ estimator });
      expect(run.plan.keptBytes, estimator.name).toBeLessThan(0.5 * keptBytes);
      // Two steps, of noisy gradients: near those of exact ones, and not the same.
      expect(weights).not.toEqual(dense.weights);
      expectClose(weights, dense.weights, 0.01);
    }
    const budget = Math.round(0.5 * keptBytes);
    const within = await fitted({ everyLayer: false, memoryBudget: budget, budgetOf: 'kept' });
    expect(within.run.plan.keptBytes).toBeLessThanOrEqual(budget);
    expect(within.run.choice!.layers).toHaveLength(4);
  });

  it('a convolution that is probed varies as its formula says, and its examples too', async () => {
    const model = layers.sequential({
      layers: [
        of.conv2d({ filters: 5, kernelSize: 3, padding: 'same', inputShape: [8, 6, 2], name: 'c' }),
        of.globalAveragePooling2d({}),
        of.dense({ units: CLASSES, activation: 'softmax' }),
      ],
    });
    stir(model);
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
    const records: ProbeRecord[] = [];
    await sketchgrad.fit(model, IMAGES, y, {
      ...{ backend: reference, batchSize: 10 },
      probe: {
        ...{ layers: ['c'], estimator: rmm({ sketch: count(), rate: 0.1 }), measured: 60 },
        onRecord: (record) => void records.push(record),
      },
    });
    expect(records).toHaveLength(2);
    for (const { dRmm2, dRmm2Measured, dSgd2ByExample } of records) {
      // Of 60 estimates: their mean's standard error is below an eighth of it.
      expect(dRmm2Measured! / dRmm2).toBeGreaterThan(0.6);
      expect(dRmm2Measured! / dRmm2).toBeLessThan(1.5);
      expect(dSgd2ByExample).toBeGreaterThan(0);
    }
  });
});
