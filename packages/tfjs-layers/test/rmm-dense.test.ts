import { UsageError } from '@sketchgrad/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { rmmDense } from '../src/index.js';
import { SKETCHES } from '../src/rmm-dense/sketch-rows.js';
import { numbers } from './gradients.js';

const [ROWS, INPUTS, UNITS] = [40, 5, 3];
const x = tf.tensor2d(numbers([ROWS, INPUTS], 1), [ROWS, INPUTS]);
const y = tf.tensor2d(numbers([ROWS, UNITS], 2), [ROWS, UNITS]);

/** Gradients of the kernel, the bias and the input. */
function gradientsOf(layer: layers.layers.Layer, of: tf.Tensor = x): Float32Array[] {
  const f = () =>
    tf.mul(0.5, tf.sum(tf.square(tf.sub(layer.apply(of) as tf.Tensor, y)))) as tf.Scalar;
  f();
  const weights = layer.weights.map((weight) => weight.read() as tf.Variable);
  const { grads } = tf.variableGrads(f, weights);
  const dx = tf.grad((value: tf.Tensor) =>
    tf.sum(tf.square(tf.sub(layer.apply(value) as tf.Tensor, y))),
  )(of);
  return [...weights.map(({ name }) => grads[name]!), dx].map(
    (each) => each.dataSync() as Float32Array,
  );
}

const pair = (options: object) => {
  const dense = layers.layers.dense({ units: UNITS });
  const sketched = rmmDense({ units: UNITS, rate: 0.5, ...options });
  dense.apply(x);
  sketched.apply(x);
  sketched.setWeights(dense.getWeights());
  return { dense, sketched };
};

describe('rmmDense', () => {
  it.each(SKETCHES)(
    '%s: the gradient of the kernel is right on average, all others exact',
    (sketch) => {
      const { dense, sketched } = pair({ sketch });
      const [kernel, bias, input] = gradientsOf(dense) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const draws = 600;
      const sums = new Float64Array(kernel.length);
      const squares = new Float64Array(kernel.length);
      for (let draw = 0; draw < draws; draw++) {
        const [found, ownBias, ownInput] = gradientsOf(sketched) as [
          Float32Array,
          Float32Array,
          Float32Array,
        ];
        if (draw === 0)
          for (const [own, exact] of [
            [ownBias, bias],
            [ownInput, input],
          ] as const)
            for (const [i, value] of exact.entries()) expect(own[i]).toBeCloseTo(value, 3);
        for (const [i, value] of found.entries()) {
          sums[i]! += value;
          squares[i]! += value * value;
        }
      }
      for (const [i, value] of kernel.entries()) {
        const mean = sums[i]! / draws;
        const error = Math.sqrt((squares[i]! / draws - mean * mean) / draws);
        expect(error).toBeGreaterThan(0);
        // Of 15 means, none as far as 4.5 errors off: 1 in 10,000 draws of all.
        expect(Math.abs(mean - value), `element ${i}`).toBeLessThan(4.5 * error);
      }
    },
  );

  it('trains in a model, is saved and loads', async () => {
    const model = layers.sequential({
      layers: [
        rmmDense({ units: 8, rate: 0.5, activation: 'tanh', inputShape: [INPUTS], seed: 3 }),
        layers.layers.dense({ units: UNITS }),
      ],
    });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const { history } = await model.fit(x, y, { epochs: 30, shuffle: false, verbose: 0 });
    expect(history.loss!.at(-1)).toBeLessThan(history.loss![0] as number);
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const again = await layers.loadLayersModel(tf.io.fromMemory(saved!));
    expect(again.layers[0]!.getConfig()).toMatchObject({ rate: 0.5, sketch: 'count', seed: 3 });
    expect([...(again.predict(x) as tf.Tensor).dataSync()]).toEqual([
      ...(model.predict(x) as tf.Tensor).dataSync(),
    ]);
    const before = tf.memory().numTensors;
    await model.fit(x, y, { epochs: 2, verbose: 0 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it("takes Dense's initializers, regularizers and constraints, and keeps them", () => {
    const layer = rmmDense({
      units: UNITS,
      rate: 0.5,
      kernelInitializer: 'ones',
      biasInitializer: layers.initializers.constant({ value: 2 }),
      kernelRegularizer: layers.regularizers.l2({ l2: 0.25 }),
      kernelConstraint: layers.constraints.nonNeg(),
    });
    layer.apply(x);
    const [kernel, bias] = layer.getWeights().map((weight) => [...weight.dataSync()]);
    expect(kernel).toEqual(Array(INPUTS * UNITS).fill(1));
    expect(bias).toEqual(Array(UNITS).fill(2));
    expect(layer.calculateLosses().map((loss) => loss.dataSync()[0])).toEqual([
      0.25 * INPUTS * UNITS,
    ]);
    const config = layer.getConfig();
    expect(config).toMatchObject({
      kernelInitializer: { className: 'Ones' },
      biasInitializer: { className: 'Constant', config: { value: 2 } },
      kernelRegularizer: { className: 'L1L2', config: { l1: 0, l2: 0.25 } },
      kernelConstraint: { className: 'NonNeg' },
    });
    // TensorFlow.js writes into what it makes a layer of.
    expect(rmmDense(structuredClone(config) as never).getConfig()).toEqual(config);
  });

  it.each([
    [undefined, /takes its options as an object/],
    [{ units: 2, rate: 0.1, kernelInitialiser: 'ones' }, /no option 'kernelInitialiser'/],
  ])('refuses %j as its options', (options, message) => {
    const make = () => rmmDense(options as never);
    expect(make).toThrow(UsageError);
    expect(make).toThrow(message);
  });

  it.each([
    [{ rate: 0 }, /rate must be above 0/],
    [{ rate: 1.5 }, /rate must be/],
    [{ rate: 0.1, units: 0 }, /units must be/],
    [{ rate: 0.1, sketch: 'gaussian' }, /sketch must be one of count, rademacher/],
  ])('refuses %j', (options, message) => {
    const make = () => rmmDense({ units: 2, ...options } as never);
    expect(make).toThrow(UsageError);
    expect(make).toThrow(message);
  });
});
