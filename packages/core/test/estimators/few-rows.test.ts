import { describe, expect, it } from 'vitest';
import {
  count,
  dct,
  dft,
  exact,
  expectKeptRow,
  type GradientEstimator,
  gaussian,
  hadamard,
  quantized,
  rademacher,
  rmm,
  rmmQuantized,
  rows,
  wtaCrs,
} from '../../src/index.js';
import { moments } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';
import { estimates, exactGradient, mean, standardError } from '../support/estimate.js';

const [INPUTS, OUTPUTS] = [3, 2];

/** So low that less than a row of three would be kept. */
const rate = 0.05;
const sketches = [
  ...[gaussian(), rademacher(), gaussian({ blockRows: 1 })],
  ...[count(), count({ balanced: false }), count({ blockRows: 2 })],
  ...[dct, dft, hadamard].flatMap((sketch) => [sketch(), sketch({ replacement: true })]),
];
const estimators = [
  ...sketches.map((sketch) => rmm({ sketch, rate })),
  rmm({ sketch: count(), rate, centred: true }),
  rmmQuantized({ sketch: count(), rate, bits: 4 }),
  rows({ rate, by: 'uniform' }),
  rows({ rate, by: 'uniform', replacement: true }),
  rows({ rate, by: 'norm' }),
  rows({ rate, by: 'optimal' }),
  wtaCrs({ rate }),
];

describe('a batch of fewer rows than a rate keeps one of', () => {
  for (const all of [1, 2, 3]) {
    const [x, y] = [draw(all * INPUTS, 1), draw(all * OUTPUTS, 2)];
    const found = moments(x, y, all);
    const exactly = exactGradient(x, y, all);
    estimators.forEach((estimator, at) => {
      it(`keeps one of ${all}, unbiased and as the formula varies: ${estimator.name} ${at}`, async () => {
        const priorities = estimator.ranksRows ? Float64Array.from(found.yNorms) : undefined;
        const predicted = estimator.varianceTerms
          ? undefined
          : estimator.variance(found, priorities);
        // Of one row a Gaussian sketch has the square of one number, whose tails are long.
        const keys = predicted === 0 ? 50 : all === 1 ? 6000 : 500;
        const drawn = await estimates(estimator, { x, y, rows: all, keys, priorities });
        exactly.forEach((want, element) => {
          const values = drawn.map((gradient) => gradient[element]!);
          expect(Math.abs(mean(values) - want)).toBeLessThan(4.5 * standardError(values) + 1e-9);
        });
        if (predicted === undefined) return;
        const errors = drawn.map((gradient) =>
          gradient.reduce((sum, value, element) => sum + (value - exactly[element]!) ** 2, 0),
        );
        expect(Math.abs(mean(errors) - predicted)).toBeLessThan(4 * standardError(errors) + 1e-9);
      });
    });
  }

  it('keeps as many bytes as of one row', () => {
    for (const estimator of estimators)
      expect(estimator.bytes([3, INPUTS])).toBe(estimator.bytes([1, INPUTS]));
  });
});

describe('expectKeptRow', () => {
  it('refuses a rate below a row of the largest batch, and nothing else', () => {
    for (const estimator of estimators) {
      expect(() => expectKeptRow(estimator, 19)).toThrow(
        `rate 0.05 of '${estimator.name}' keeps less than one row of every batch: the largest has 19`,
      );
      expect(() => expectKeptRow(estimator, 20)).not.toThrow();
    }
    const others: GradientEstimator[] = [quantized({ bits: 2 }), exact({ bits: 2 })];
    for (const estimator of others) expect(() => expectKeptRow(estimator, 1)).not.toThrow();
  });
});
