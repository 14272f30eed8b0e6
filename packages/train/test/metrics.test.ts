import { UsageError } from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  evaluateMetrics,
  f1,
  type Metric,
  type MetricName,
  matthews,
  metrics,
  pearson,
  spearman,
} from '../src/index.js';

// Expected numbers: scikit-learn 1.9.1 (accuracy_score, f1_score, matthews_corrcoef) and
// SciPy 1.17.1 (pearsonr, spearmanr) on the same lists.

const labels = [1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1];
const predictions = [1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1, 1];
const opposite = labels.map((label) => 1 - label);
const all = (value: number) => labels.map(() => value);

describe('metrics of classes', () => {
  it.each([
    ['some right', predictions, labels, 0.6666666666666666, 0.7142857142857143, 0.3142857142857143],
    ['all wrong', opposite, labels, 0, 0, -1],
    ['all right', labels, labels, 1, 1, 1],
    ['always 1', all(1), labels, 0.5833333333333334, 0.7368421052631579, 0],
    ['always 0', all(0), labels, 0.4166666666666667, 0, 0],
    ['only 0 anywhere', all(0), all(0), 1, 0, 0],
    ['only 1 anywhere', all(1), all(1), 1, 1, 0],
  ])('equal scikit-learn: %s', (_, predicted, expected, accurate, harmonic, correlated) => {
    expect(accuracy(predicted, expected)).toBeCloseTo(accurate, 14);
    expect(f1(predicted, expected)).toBeCloseTo(harmonic, 14);
    expect(matthews(predicted, expected)).toBeCloseTo(correlated, 14);
  });

  it('take more than two classes', () => {
    const predicted = Int32Array.of(0, 2, 1, 3, 0, 2, 2, 1, 3, 3, 0, 1);
    const expected = Int32Array.of(0, 1, 1, 3, 0, 2, 1, 1, 3, 2, 2, 0);
    expect(accuracy(predicted, expected)).toBeCloseTo(0.5833333333333334, 14);
    expect(matthews(predicted, expected)).toBeCloseTo(0.4486177232736354, 14);
    expect(() => f1(predicted, expected)).toThrow('f1 needs 0 or 1, but prediction 1 is 2');
  });

  it('refuse what is no class', () => {
    expect(() => accuracy([0, 0.5], [0, 1])).toThrow(
      'accuracy needs a class index (0, 1, 2, …), but prediction 1 is 0.5',
    );
    expect(() => matthews([0, 1], [0, -1])).toThrow('label 1 is -1');
  });
});

describe('correlations', () => {
  const scores = [2.5, 0.0, 4.9, 3.1, 3.1, 1.2, 5.0, 0.4, 2.5, 3.8];
  const truth = [2.0, 0.5, 5.0, 3.0, 3.4, 1.0, 4.2, 1.0, 3.0, 3.0];

  it('equal SciPy, ties averaged', () => {
    expect(pearson(scores, truth)).toBeCloseTo(0.9568922744353073, 14);
    expect(spearman(scores, truth)).toBeCloseTo(0.928832633658881, 14);
    const reversed = truth.map((value) => -value).reverse();
    expect(pearson(scores, reversed)).toBeCloseTo(0.4730380955282269, 14);
    expect(spearman(scores, reversed)).toBeCloseTo(0.39320581491559303, 14);
  });

  it('hold far from zero', () => {
    const shifted = scores.map((value) => 1e8 + value);
    expect(pearson(shifted, truth)).toBeCloseTo(0.9568922745396111, 9);
  });

  it('are 0 where a side is constant, even one that rounding makes vary', () => {
    const constant = scores.map(() => 0.1);
    for (const correlation of [pearson, spearman]) {
      expect(correlation(constant, truth)).toBe(0);
      expect(correlation(truth, constant)).toBe(0);
      expect(correlation([3], [4])).toBe(0);
    }
  });

  it('refuse numbers that 64-bit floats cannot correlate', () => {
    expect(() => pearson([1e300, -1e300], [0, 1])).toThrow(UsageError);
  });

  it('are symmetric, within −1 to 1, and unmoved by scale and shift', () => {
    const pairs = fc.array(
      fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 5 })),
      {
        minLength: 2,
      },
    );
    fc.assert(
      fc.property(pairs, (rows) => {
        const x = rows.map((row) => row[0]);
        const y = rows.map((row) => row[1]);
        for (const correlation of [pearson, spearman]) {
          const value = correlation(x, y);
          expect(Math.abs(value)).toBeLessThanOrEqual(1);
          expect(correlation(y, x)).toBeCloseTo(value, 12);
          expect(
            correlation(
              x.map((v) => 4 * v + 1),
              y,
            ),
          ).toBeCloseTo(value, 12);
        }
      }),
    );
  });
});

describe('every metric', () => {
  it.each(Object.entries(metrics) as [string, Metric][])('%s refuses bad lists', (name, metric) => {
    expect(() => metric([], [])).toThrow(`${name} needs at least one prediction`);
    expect(() => metric([0, 1], [0])).toThrow('2 predictions and 1 labels');
    expect(() => metric([0, Number.NaN], [0, 1])).toThrow('prediction 1 is NaN');
    expect(() => metric([0, 1], [0, Number.POSITIVE_INFINITY])).toThrow('label 1 is Infinity');
  });
});

describe('evaluateMetrics', () => {
  it('gives each metric under its name', () => {
    expect(evaluateMetrics(['accuracy', 'f1'], predictions, labels)).toEqual({
      accuracy: accuracy(predictions, labels),
      f1: f1(predictions, labels),
    });
  });

  it.each(['bleu', 'toString'])('refuses the unknown name %s', (name) => {
    expect(() => evaluateMetrics([name as MetricName], [0], [0])).toThrow(
      `there is no metric '${name}'; there are accuracy, f1, matthews, pearson, spearman`,
    );
  });
});
