import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  correctedBound,
  correlation,
  gaussian,
  independentEntriesVariance,
  type Moments,
  publishedBound,
  publishedBoundHolds,
  publishedRmmVariance,
  rmm,
  sgdVariance,
  sgdVarianceByExample,
  theoremTerms,
  UsageError,
  varianceRatio,
} from '../../src/index.js';
import { moments } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';

const gaussianVariance = (of: Moments, rows: number) => independentEntriesVariance(of, rows, 3);

/** X [rows, inputs] and Y [rows, outputs] of whole numbers, so that equalities are exact. */
const problems = fc
  .record({
    rows: fc.integer({ min: 2, max: 6 }),
    inputs: fc.integer({ min: 1, max: 3 }),
    outputs: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ rows, inputs, outputs }) => {
    const numbers = (count: number) =>
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: count, maxLength: count });
    return fc.record({
      rows: fc.constant(rows),
      x: numbers(rows * inputs),
      y: numbers(rows * outputs),
    });
  })
  .map(({ x, y, rows }) => moments(x, y, rows))
  .filter(({ normProduct }) => normProduct > 0);

describe("SGD's variance", () => {
  it('is the sample variance of the rows’ gradients, for their sum', () => {
    const [rows, inputs, outputs] = [7, 3, 2];
    const x = draw(rows * inputs, 1);
    const y = draw(rows * outputs, 2);
    const gradients = Array.from({ length: rows }, (_, row) =>
      Array.from(
        { length: inputs * outputs },
        (_, at) => x[row * inputs + (at % inputs)]! * y[row * outputs + Math.floor(at / inputs)]!,
      ),
    );
    let variance = 0;
    for (let at = 0; at < inputs * outputs; at++) {
      const values = gradients.map((gradient) => gradient[at]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / rows;
      variance += values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (rows - 1);
    }
    expect(sgdVariance(moments(x, y, rows))).toBeCloseTo(rows * variance, 8);
  });

  it('by example is the sample variance of the examples’ gradients, beside rows of nobody’s', () => {
    const [rows, inputs, outputs] = [9, 3, 2];
    const starts = [0, 2, 3, 7];
    const x = draw(rows * inputs, 1).map((value, at) => (at < 7 * inputs ? value : 0));
    const y = draw(rows * outputs, 2).map((value, at) => (at < 7 * outputs ? value : 0));
    const gradients = starts.slice(0, -1).map((first, example) =>
      Array.from({ length: inputs * outputs }, (_, at) => {
        let sum = 0;
        for (let row = first; row < starts[example + 1]!; row++)
          sum += x[row * inputs + (at % inputs)]! * y[row * outputs + Math.floor(at / inputs)]!;
        return sum;
      }),
    );
    let variance = 0;
    for (let at = 0; at < inputs * outputs; at++) {
      const values = gradients.map((gradient) => gradient[at]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / 3;
      variance += values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2;
    }
    const found = moments(x, y, rows, { starts });
    expect(found.examples).toMatchObject({ count: 3, rows: 7 });
    expect(sgdVarianceByExample(found)).toBeCloseTo(3 * variance, 8);
    const own = moments(x.slice(0, 7 * inputs), y.slice(0, 7 * outputs), 7);
    expect(sgdVariance(found)).toBeCloseTo(sgdVariance(own), 8);
    expect(theoremTerms(found, 1, 2).ratio).toBeCloseTo(theoremTerms(own, 1, 2).ratio!, 8);
    expect(theoremTerms(found, 1, 2).boundCorrected).toBeCloseTo(
      theoremTerms(own, 1, 2).boundCorrected!,
      8,
    );
  });

  it('by example is that by rows, where each row is one', () => {
    const [x, y] = [draw(12, 1), draw(12, 2)];
    const each = moments(x, y, 4, { starts: [0, 1, 2, 3, 4] });
    expect(sgdVarianceByExample(each)).toBeCloseTo(sgdVariance(each), 8);
    expect(sgdVarianceByExample(moments(x, y, 4))).toBe(sgdVariance(moments(x, y, 4)));
  });

  it('is 0, not less, where all rows have one gradient', () => {
    const row = draw(3, 5);
    const x = Float64Array.from({ length: 9 }, (_, i) => row[i % 3]!);
    const found = sgdVariance(moments(x, x, 3));
    expect(found).toBeGreaterThanOrEqual(0);
    expect(found).toBeLessThan(1e-12);
  });

  it('needs two rows', () => {
    expect(() => sgdVariance(moments([1], [1], 1))).toThrow(/two rows, not 1/);
    const one = moments([1, 2], [1, 2], 2, { starts: [0, 2] });
    expect(() => sgdVarianceByExample(one)).toThrow(/two examples, not 1/);
  });
});

describe('theorem 2.3', () => {
  // x = (1, 2), y = (2, 1): A = 25, T = (2 + 2)² = 16, D = 1·4 + 4·1 = 8, Q = 16.
  const counterexample = moments([1, 2], [2, 1], 2);

  it('is false as published: SGD without variance, a sketch with some', () => {
    expect(sgdVariance(counterexample)).toBe(0);
    expect(publishedRmmVariance(counterexample, 1)).toBe(9);
    expect(gaussianVariance(counterexample, 1)).toBe(41);
    expect(correlation(counterexample)).toBe(16 / 25);
    expect(publishedBound(counterexample)).toBeCloseTo(41 / 16, 12);
    for (const variance of [9, 41])
      expect(varianceRatio(counterexample, variance, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(publishedBoundHolds(counterexample)).toBe(false);
    expect(correctedBound(counterexample)).toBe(Number.POSITIVE_INFINITY);
    expect(theoremTerms(counterexample, 41, 1)).toEqual({
      dSgd2: 0,
      dRmm2Published: 9,
      dRmm2: 41,
      alpha: 16 / 25,
      ratio: null,
      boundPublished: (16 / 25 + 1) / (16 / 25),
      boundCorrected: null,
      holds: false,
    });
  });

  it('also fails where SGD has variance', () => {
    // x = (2, 3), y = (3, 2): Q = 2·(36 + 36) = 144 = T; one row more, and Q > T.
    const other = moments([2, 3, 2], [3, 2, 2], 3);
    expect(sgdVariance(other)).toBeGreaterThan(0);
    for (const variance of [publishedRmmVariance(other, 2), gaussianVariance(other, 2)])
      expect(varianceRatio(other, variance, 2)).toBeGreaterThan(publishedBound(other));
  });

  it('has (A + T)/(Q − T) on its left for Gaussian entries, whatever p is', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 1, max: 5 }), (found, rows) => {
        const { normProduct: a, gradientNorm: t } = found;
        const q = found.rows * found.rowProducts;
        fc.pre(q > t);
        const ratio = varianceRatio(found, gaussianVariance(found, rows), rows);
        expect(ratio / ((a + t) / (q - t))).toBeCloseTo(1, 10);
      }),
    );
  });

  it('holds exactly where Q ≥ 2T, and its corrected bound everywhere', () => {
    fc.assert(
      fc.property(problems, (found) => {
        const { gradientNorm: t } = found;
        const q = found.rows * found.rowProducts;
        fc.pre(q > t);
        const ratio = varianceRatio(found, gaussianVariance(found, 1), 1);
        const slack = 1 + 1e-12;
        if (publishedBoundHolds(found))
          expect(ratio).toBeLessThanOrEqual(publishedBound(found) * slack);
        else expect(ratio * slack).toBeGreaterThan(publishedBound(found));
        expect(ratio).toBeLessThanOrEqual(correctedBound(found) * slack);
        const signs = varianceRatio(found, independentEntriesVariance(found, 1, 1), 1);
        expect(signs).toBeLessThanOrEqual(correctedBound(found) * slack);
        if (q >= 2 * t) expect(correctedBound(found)).toBe(publishedBound(found));
      }),
      { numRuns: 500 },
    );
  });

  it('holds with the published variance exactly where Q ≥ 2T/(1 + α)', () => {
    fc.assert(
      fc.property(problems, (found) => {
        const { normProduct: a, gradientNorm: t } = found;
        const q = found.rows * found.rowProducts;
        fc.pre(q > t && (a + t) * q !== 2 * a * t);
        const ratio = varianceRatio(found, publishedRmmVariance(found, 1), 1);
        expect(ratio <= publishedBound(found)).toBe((a + t) * q > 2 * a * t);
      }),
      { numRuns: 500 },
    );
  });

  it('is told of an estimator in terms that JSON can hold', () => {
    const [rows, rate] = [8, 0.5];
    const found = moments(draw(rows * 3, 1), draw(rows * 2, 2), rows);
    const estimator = rmm({ sketch: gaussian(), rate });
    const terms = theoremTerms(found, estimator.variance(found), 4);
    expect(terms.dSgd2).toBe(sgdVariance(found));
    expect(terms.dRmm2).toBe(estimator.variance(found));
    expect(terms.dRmm2Published).toBe(publishedRmmVariance(found, 4));
    expect(terms.ratio).toBeCloseTo(((4 / 7) * terms.dRmm2) / terms.dSgd2, 10);
    expect(terms.holds).toBe(terms.ratio! <= terms.boundPublished!);
    expect(JSON.parse(JSON.stringify(terms))).toEqual(terms);
  });

  it('has no α, no ratio and no bounds where the cotangent is zero', () => {
    const zero = moments([1, 2], [0, 0], 2);
    expect(() => correlation(zero)).toThrow(/undefined/);
    expect(() => varianceRatio(zero, 0, 1)).toThrow(/both are 0/);
    expect(theoremTerms(zero, 0, 1)).toEqual({
      dSgd2: 0,
      dRmm2Published: 0,
      dRmm2: 0,
      alpha: null,
      ratio: null,
      boundPublished: null,
      boundCorrected: null,
      holds: true,
    });
  });

  it('has no finite bound where X and Y are orthogonal', () => {
    const orthogonal = moments([1, 1], [1, -1], 2);
    expect(publishedBound(orthogonal)).toBe(Number.POSITIVE_INFINITY);
    expect(correctedBound(orthogonal)).toBe(Number.POSITIVE_INFINITY);
    expect(theoremTerms(orthogonal, 2, 1)).toMatchObject({ boundPublished: null, holds: true });
  });
});

describe('moments that overflow', () => {
  it('give an error that names the sum, never NaN', () => {
    expect(() => moments([1e200, 1], [1, 1], 2)).toThrow(UsageError);
    expect(() => moments([1e100, 1], [1e100, 1], 2)).toThrow(/A = .* is Infinity/);
    expect(() => moments([Number.NaN, 1], [1, 1], 2)).toThrow(/is NaN/);
    const fine = moments([1, 2], [2, 1], 2);
    const cases: Partial<Moments>[] = [
      { normProduct: Number.POSITIVE_INFINITY },
      { gradientNorm: Number.POSITIVE_INFINITY },
      { rowProducts: Number.NaN },
      // Q = B·D is beyond the largest number, though D is not.
      { rowProducts: 1e308, rows: 2 },
    ];
    for (const wrong of cases) {
      const overflowing = { ...fine, ...wrong };
      for (const of of [sgdVariance, (m: Moments) => theoremTerms(m, 1, 1), publishedBoundHolds])
        expect(() => of(overflowing)).toThrow(UsageError);
    }
    expect(() => varianceRatio(fine, Number.NaN, 1)).toThrow(UsageError);
    expect(() => varianceRatio(fine, -1, 1)).toThrow(UsageError);
    expect(() => publishedRmmVariance(fine, 0)).toThrow(UsageError);
  });
});
