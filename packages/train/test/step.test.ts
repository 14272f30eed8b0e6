import {
  type BuildOptions,
  byteLength,
  estimatorOf,
  gaussian,
  gelu,
  input,
  linear,
  newKey,
  parameter,
  planMemory,
  rmm,
  type SentenceShape,
  scale,
  sentenceShape,
  squaredNorm,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { type TrainableModel, traceEvaluation, traceTrainingStep } from '../src/index.js';
import { largestJobs } from '../src/step/executable-cache.js';

const WIDTH = 32;
const DEPTH = 12;
const LAYER_BYTES = WIDTH * WIDTH * 4;
const shape = sentenceShape(2, 8);

/** Linear layers with GELU in between, whose gradients are large beside their activations. */
const deep: TrainableModel = {
  parameters: Array.from({ length: DEPTH }, (_, layer) => ({
    name: `layer.${layer}`,
    shape: [WIDTH, WIDTH],
    decay: true,
  })),
  build({ shape: { batchSize, rows }, training, estimator }: BuildOptions<SentenceShape>) {
    const key = training ? input('key', [2], 'i32') : undefined;
    let x = input('x', [rows, WIDTH]);
    for (const { name, shape } of this.parameters) {
      const w = parameter(name, shape);
      const layer = { name, rows, inputs: WIDTH, outputs: WIDTH };
      const options = key && estimator && { estimator: estimatorOf(estimator, layer) };
      x = gelu(linear(x, w, undefined, options && { ...options, name, key: newKey(key) }));
    }
    return { loss: scale(squaredNorm(x), 1 / batchSize), predictions: x };
  },
  inputs: () => ({}),
  initialize: async () => {},
};

describe('the memory of a training step', () => {
  const parameterBytes = DEPTH * LAYER_BYTES;
  const plain = planMemory(traceTrainingStep(deep, { shape }));

  it('holds few gradients at a time', () => {
    const activations = plain.keptBytes + 4 * byteLength({ shape: [16, WIDTH], dtype: 'f32' });
    expect(plain.arenaBytes).toBeLessThan(activations + 2 * LAYER_BYTES);
    expect(plain.persistentBytes).toBe(3 * parameterBytes);
  });

  it('holds all of them where they are clipped, and not where they are added up', () => {
    const clipped = planMemory(traceTrainingStep(deep, { shape, clipNorm: 1 }));
    expect(clipped.largestLiveBytes).toBeGreaterThanOrEqual(parameterBytes);
    const applied = planMemory(
      traceTrainingStep(deep, { shape, examples: 4, clipNorm: 1, accumulation: 'apply' }),
    );
    expect(applied.largestLiveBytes).toBeLessThan(plain.largestLiveBytes + 1024);
    expect(applied.categories.accumulator).toBe(parameterBytes);
  });

  it('counts the same persistent tensors whether gradients are added or applied', () => {
    const [added, applied] = (['add', 'apply'] as const).map((accumulation) =>
      planMemory(traceTrainingStep(deep, { shape, examples: 4, accumulation })),
    );
    expect(added!.persistentBytes).toBe(4 * parameterBytes);
    expect(applied!.persistentBytes).toBe(4 * parameterBytes);
  });

  it('falls with recomputation, and with an estimator', () => {
    const kept = (options: Partial<Parameters<typeof traceTrainingStep>[1]>) =>
      planMemory(traceTrainingStep(deep, { shape, ...options })).keptBytes;
    expect(kept({ recompute: 'cheap' })).toBe(plain.keptBytes);
    expect(kept({ recompute: 'none' })).toBeGreaterThan(plain.keptBytes);
    const estimator = rmm({ sketch: gaussian(), rate: 0.25 });
    expect(kept({ recompute: 'none', estimator })).toBeLessThan(kept({ recompute: 'none' }));
  });
});

describe('the graph of a training step', () => {
  it('takes settings only where it updates', () => {
    const inputs = (accumulation: 'none' | 'add' | 'apply') =>
      traceTrainingStep(deep, { shape, examples: 4, accumulation }).inputs.map(({ name }) => name);
    expect(inputs('none')).toEqual(['key', 'x', 'settings']);
    expect(inputs('apply')).toEqual(['key', 'x', 'settings']);
    expect(inputs('add')).toEqual(['key', 'x']);
  });

  it('gives the loss; that of an evaluation gives predictions too and keeps nothing', () => {
    expect(Object.keys(traceTrainingStep(deep, { shape }).outputs)).toEqual(['loss']);
    const evaluation = traceEvaluation(deep, shape);
    expect(Object.keys(evaluation.outputs)).toEqual(['loss', 'predictions']);
    expect(evaluation.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(planMemory(evaluation).keptBytes).toBe(0);
  });

  it('keeps in numbers of bits that there are', () => {
    const keep = { norm: 3 as 4 };
    expect(() => traceTrainingStep(deep, { shape, keep })).toThrow('norm keeps 4, 8 bits, not 3');
  });

  it('cannot clip to nothing', () => {
    expect(() => traceTrainingStep(deep, { shape, clipNorm: 0 })).toThrow(
      'clipNorm must be a number above 0',
    );
  });
});

describe('largestJobs', () => {
  it('leaves out what another covers', () => {
    const job = (work: 'none' | 'evaluate', batchSize: number, rows: number) => ({
      work,
      shape: { batchSize, rows, longest: 16 },
      examples: batchSize,
    });
    const jobs = [
      job('none', 4, 16),
      job('none', 4, 32),
      job('none', 3, 64),
      job('evaluate', 4, 16),
      job('none', 2, 64),
      job('none', 4, 32),
    ];
    expect(largestJobs(jobs)).toEqual([
      job('none', 4, 32),
      job('none', 3, 64),
      job('evaluate', 4, 16),
    ]);
  });
});
