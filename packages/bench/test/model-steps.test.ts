import {
  count,
  dense,
  estimatorOf,
  input,
  keepInput,
  linear,
  type Model,
  newKey,
  parameter,
  quantized,
  rmm,
  scale,
  squaredNorm,
  UsageError,
  type Value,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { afterAll, describe, expect, it } from 'vitest';
import { layersOfEstimator, ModelSteps, measureSteps, warningOfKept } from '../src/index.js';

const [ROWS, FEATURES] = [64, 16];

/** Two layers of which the second's input is not an input of the step. */
const model: Model<{ readonly rows: number }> = {
  parameters: ['first', 'second'].map((name) => ({
    name,
    shape: [FEATURES, FEATURES],
    decay: false,
  })),
  build({ shape: { rows }, training, estimator = dense() }) {
    const key = training ? input('key', [2], 'i32') : undefined;
    const layer = (from: Value, name: string) => {
      const size = { name, rows, inputs: FEATURES, outputs: FEATURES };
      const chosen = estimatorOf(estimator, size);
      const random = key && chosen.random ? { key: newKey(key) } : {};
      const kept = keepInput(from, { estimator: chosen, name, ...random });
      return linear(kept, parameter(name, [FEATURES, FEATURES]), undefined);
    };
    const first = layer(input('x', [rows, FEATURES]), 'first');
    return { loss: squaredNorm(layer(scale(first, 2), 'second')) };
  },
  initialize: async (state, { seed }) => {
    for (const name of ['first', 'second'])
      await state.write(name, new Float32Array(FEATURES * FEATURES).fill(seed));
  },
};
const backend = createReferenceBackend();
afterAll(() => backend.dispose());
const x = Float32Array.from({ length: ROWS * FEATURES }, (_, at) => Math.sin(at));
const options = { shape: { rows: ROWS }, inputs: { x }, seed: 3 };

describe('steps of a model', () => {
  it('are taken of one that draws nothing', async () => {
    const still: typeof model = {
      parameters: [{ name: 'only', shape: [1, FEATURES], decay: false }],
      build({ shape: { rows } }) {
        const weight = parameter('only', [1, FEATURES]);
        return { loss: squaredNorm(linear(input('x', [rows, FEATURES]), weight, undefined)) };
      },
      initialize: (state) => state.write('only', new Float32Array(FEATURES)),
    };
    const steps = new ModelSteps(still, backend, options);
    const [result] = await measureSteps([steps.contender('dense', {})], { steps: 1 });
    expect(result!.secondsPerStep.median).toBeGreaterThan(0);
  });

  it('are taken in turns on the same weights, which are written once', async () => {
    const steps = new ModelSteps(model, backend, options);
    const estimator = rmm({ sketch: count(), rate: 0.125 });
    const results = await measureSteps(
      [steps.contender('dense', {}), steps.contender('sketched', { estimator, everyLayer: true })],
      { steps: 1 },
    );
    expect(results.map(({ name }) => name)).toEqual(['dense', 'sketched']);
    const [dense, half] = results.map(({ keptBytes }) => keptBytes);
    expect(half).toBeLessThan(dense!);
    expect(steps.keptWhenExact({})).toBe(dense);
  });

  it('have their batch on the device where it is held there', async () => {
    const steps = new ModelSteps(model, backend, { ...options, isHeld: true });
    expect(steps.trace({}).inputs.map(({ name }) => name)).not.toContain('x');
    expect(
      new ModelSteps(model, backend, options).trace({}).inputs.map(({ name }) => name),
    ).toContain('x');
    const step = await steps.contender('dense', {}).prepare();
    await step.run();
    await step.dispose();
  });

  it('refuse what keeps no row, and options that there are not', () => {
    const steps = new ModelSteps(model, backend, options);
    const estimator = rmm({ sketch: count(), rate: 0.01 });
    expect(() => steps.contender('none', { estimator })).toThrow(UsageError);
    expect(() => new ModelSteps(model, backend, { ...options, held: true } as never)).toThrow(
      "ModelSteps has no option 'held'",
    );
    expect(() => new ModelSteps(model, 'cpu' as never, options)).toThrow(UsageError);
  });
});

describe('how linear layers keep their inputs', () => {
  const usual = { everyLayer: false, recompute: 'cheap' } as const;

  it('is told of an estimator with all its settings', () => {
    expect(layersOfEstimator({ estimator: 'dense' }, model, usual)).toEqual({
      report: { estimator: 'dense', sketch: null, rate: null },
      option: {},
    });
    const { report, option } = layersOfEstimator({ estimator: 'quantized' }, model, {
      ...usual,
      bits: 2,
      everyLayer: true,
    });
    expect(report).toMatchObject({ estimator: 'quantized', bits: 2, everyLayer: true });
    expect(option).toMatchObject({ everyLayer: true });
    expect((option.estimator as { name: string }).name).toBe(quantized({ bits: 2 }).name);
  });

  it('is warned of where it is more than exact gradients need', () => {
    const layers = layersOfEstimator({ estimator: 'quantized' }, model, usual);
    expect(warningOfKept(layers, 2048, () => 2048)).toBeUndefined();
    expect(warningOfKept(layers, 4096, () => 2048)).toMatch(
      /^warning: quantized:3.*2\.00 KiB more/,
    );
    const dense = layersOfEstimator({ estimator: 'dense' }, model, usual);
    expect(warningOfKept(dense, 4096, () => 2048)).toBeUndefined();
  });
});
