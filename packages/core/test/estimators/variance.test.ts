import { describe, expect, it } from 'vitest';
import {
  backward,
  type GradientEstimator,
  gaussian,
  gaussianKurtosis,
  independentEntriesVariance,
  input,
  linear,
  multiply,
  parameter,
  rademacher,
  rmm,
  ShapeError,
  sum,
  trace,
  type Value,
} from '../../src/index.js';
import { createReferenceBackend, moments } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';

const [ROWS, INPUTS, OUTPUTS] = [12, 3, 2];
const KEYS = 6000;

/** Rows of very different sizes and an output cotangent that follows the input, so that A, T and D
 * all weigh in the variance. */
const x = draw(ROWS * INPUTS, 1).map((value, i) => value * (i < 2 * INPUTS ? 3 : 1));
const y = draw(ROWS * OUTPUTS, 2).map(
  (value, i) => value + 0.8 * x[Math.floor(i / OUTPUTS) * INPUTS]!,
);

/** dW = Yᵀ X, [outputs, inputs]. */
const exact = Float64Array.from({ length: OUTPUTS * INPUTS }, (_, at) => {
  const [o, i] = [Math.floor(at / INPUTS), at % INPUTS];
  let total = 0;
  for (let row = 0; row < ROWS; row++) total += y[row * OUTPUTS + o]! * x[row * INPUTS + i]!;
  return total;
});

async function estimates(estimator: GradientEstimator): Promise<Float64Array[]> {
  const graph = trace(() => {
    const w = parameter('w', [OUTPUTS, INPUTS]);
    const key = { value: input('key', [2], 'i32'), stream: 0 };
    const z = linear(input('x', [ROWS, INPUTS]), w, undefined, { estimator, key });
    const loss = sum(multiply(z, input('y', [ROWS, OUTPUTS])));
    const outputs: Record<string, Value> = {};
    backward(loss, [w], (_, gradient) => {
      outputs.gradient = gradient;
    });
    return outputs;
  });
  const backend = createReferenceBackend({ precision: 'f64' });
  const executable = await backend.compile(graph, { state: backend.createState() });
  const all: Float64Array[] = [];
  for (let step = 0; step < KEYS; step++)
    all.push((await executable.runFloat64({ x, y, key: Int32Array.of(2022, step) })).gradient!);
  return all;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
/** Standard error of the mean. */
const standardError = (values: readonly number[]) => {
  const center = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)) / values.length);
};

describe('estimates of a weight gradient', () => {
  for (const sketch of [gaussian(), rademacher()])
    for (const rate of [1 / 12, 0.34, 1])
      it(`are unbiased and vary as the formula says: ${sketch.name}, rate ${rate.toFixed(2)}`, async () => {
        const estimator = rmm({ sketch, rate });
        const all = await estimates(estimator);
        exact.forEach((want, at) => {
          const values = all.map((gradient) => gradient[at]!);
          // Six elements, six settings: 4.5 standard errors are passed by chance once in 4000 suites.
          expect(Math.abs(mean(values) - want)).toBeLessThan(4.5 * standardError(values));
        });
        const errors = all.map((gradient) =>
          gradient.reduce((total, value, at) => total + (value - exact[at]!) ** 2, 0),
        );
        const predicted = estimator.variance(moments(x, y, ROWS));
        expect(Math.abs(mean(errors) - predicted)).toBeLessThan(4 * standardError(errors));
        // A formula that is wrong by an eighth is always found out.
        expect(standardError(errors)).toBeLessThan(0.03 * predicted);
      });
});

describe('moments', () => {
  it('are the sums that they are named after', () => {
    const found = moments(x, y, ROWS);
    const norm = (values: Float64Array) => values.reduce((total, value) => total + value ** 2, 0);
    const row = (values: Float64Array, width: number, at: number) =>
      norm(values.subarray(at * width, (at + 1) * width));
    let rowProducts = 0;
    for (let at = 0; at < ROWS; at++) rowProducts += row(x, INPUTS, at) * row(y, OUTPUTS, at);
    expect(found.rows).toBe(ROWS);
    expect(found.normProduct).toBeCloseTo(norm(x) * norm(y), 8);
    expect(found.gradientNorm).toBeCloseTo(norm(exact), 8);
    expect(found.rowProducts).toBeCloseTo(rowProducts, 8);
  });

  it('reject numbers that do not make whole rows', () => {
    expect(() => moments(x, y, 5)).toThrow(ShapeError);
  });

  it('weigh in the variance as they should', () => {
    const unit = {
      ...moments(x, y, ROWS),
      normProduct: 100,
      gradientNorm: 10,
      rowProducts: 1,
    };
    expect(independentEntriesVariance(unit, 2, 3)).toBe(55);
    expect(independentEntriesVariance(unit, 2, 1)).toBe(54);
    expect(gaussian().variance(unit, 2)).toBe((110 + gaussianKurtosis() - 3) / 2);
    expect(rademacher().variance(unit, 2)).toBe(54);
  });
});
