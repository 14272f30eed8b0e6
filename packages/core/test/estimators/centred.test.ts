import { describe, expect, it } from 'vitest';
import { count, gaussian, hadamard, rmm, type Sketch } from '../../src/index.js';
import { moments } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';
import { estimates, exactGradient, mean, standardError } from '../support/estimate.js';

const [ROWS, INPUTS, OUTPUTS] = [12, 3, 2];
const offsets = [4, -2, 0.5];
const x = Float64Array.from(draw(ROWS * INPUTS, 1), (value, i) =>
  Math.fround(value + offsets[i % INPUTS]!),
);
const y = Float64Array.from(draw(ROWS * OUTPUTS, 2), Math.fround);
const exact = exactGradient(x, y, ROWS);

/** X without its mean, by hand. */
const means = offsets.map((_, at) =>
  mean(Array.from({ length: ROWS }, (__, row) => x[row * INPUTS + at]!)),
);
const without = x.map((value, i) => value - means[i % INPUTS]!);

const SKETCHES: readonly Sketch[] = [gaussian(), count(), count({ balanced: false }), hadamard()];

describe('a centred sketch', () => {
  for (const [at, sketch] of SKETCHES.entries())
    it(`is unbiased and varies as X without its mean does: ${sketch.name} (${at})`, async () => {
      const estimator = rmm({ sketch, rate: 0.34, centred: true });
      const all = await estimates(estimator, { x, y, rows: ROWS, keys: 4000 });
      exact.forEach((want, element) => {
        const values = all.map((gradient) => gradient[element]!);
        // Six elements, four sketches: 4.5 standard errors are passed by chance once in 6000 suites.
        expect(Math.abs(mean(values) - want)).toBeLessThan(4.5 * standardError(values));
      });
      const errors = all.map((gradient) =>
        gradient.reduce((total, value, element) => total + (value - exact[element]!) ** 2, 0),
      );
      const predicted = estimator.variance(moments(x, y, ROWS));
      const plain = rmm({ sketch, rate: 0.34 });
      expect(predicted / plain.variance(moments(without, y, ROWS)) - 1).toBeCloseTo(0, 5);
      expect(Math.abs(mean(errors) - predicted)).toBeLessThan(4 * standardError(errors));
      // A formula that is wrong by an eighth is always found out.
      expect(standardError(errors)).toBeLessThan(0.03 * predicted);
      // Means as large as these make up most of A.
      expect(predicted).toBeLessThan(0.2 * plain.variance(moments(x, y, ROWS)));
    });

  it('has the gradient of rows that are all alike exactly', async () => {
    const alike = Float64Array.from({ length: ROWS * INPUTS }, (_, i) => offsets[i % INPUTS]!);
    const estimator = rmm({ sketch: count(), rate: 0.2, centred: true });
    expect(estimator.variance(moments(alike, y, ROWS))).toBeCloseTo(0, 10);
    const [found] = await estimates(estimator, { x: alike, y, rows: ROWS, keys: 1 });
    exactGradient(alike, y, ROWS).forEach((want, element) => {
      expect(found![element]).toBeCloseTo(want, 6);
    });
  });

  it('keeps a row more', () => {
    const [centred, plain] = [true, false].map((centred) =>
      rmm({ sketch: count(), rate: 0.5, centred }).bytes([64, 16]),
    );
    expect(centred! - plain!).toBe(16 * 4);
  });
});
