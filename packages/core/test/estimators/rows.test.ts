import { describe, expect, it } from 'vitest';
import {
  dense,
  drawnRowsVariance,
  type GradientEstimator,
  moments,
  planMemory,
  ROW_CHOICES,
  type RowsOptions,
  rows,
  UsageError,
  uniformRowsVariance,
  winnerRowsVariance,
  wtaCrs,
} from '../../src/index.js';
import { draw } from '../support/draw.js';
import { estimates, exactGradient, layerGraph, mean, standardError } from '../support/estimate.js';

const [ROWS, INPUTS, OUTPUTS] = [12, 3, 2];

/** Rows of very different sizes, one of zeros, and a cotangent that follows the input. */
const SIZES = [3, 3, 0, 1, 0.3, 1, 1, 1, 1, 1, 1, 1];
const x = draw(ROWS * INPUTS, 1).map((value, i) => value * SIZES[Math.floor(i / INPUTS)]!);
const y = draw(ROWS * OUTPUTS, 2).map(
  (value, i) => value + 0.8 * x[Math.floor(i / OUTPUTS) * INPUTS]!,
);
const exact = exactGradient(x, y, ROWS);
const found = moments(x, y, ROWS);

/** The true norms, some of them wrong by a lot and one by everything. */
const guessed = Float64Array.from(found.yNorms, (norm, row) =>
  row === 4 ? 0 : row % 3 ? norm : norm * (row + 1),
);

type Case = readonly [GradientEstimator, Float64Array?];

const cases = [1 / 12, 0.34, 1].flatMap((rate): Case[] => [
  [rows({ rate, by: 'uniform' })],
  [rows({ rate, by: 'uniform', replacement: true })],
  [rows({ rate, by: 'norm' })],
  [rows({ rate, by: 'optimal' }), guessed],
  [wtaCrs({ rate }), guessed],
]);

describe('estimates from rows', () => {
  for (const [estimator, priorities] of cases) {
    const kept = estimator.bytes([ROWS, INPUTS]) / (4 * (INPUTS + 1));
    it(`are unbiased and vary as the formula says: ${estimator.name}, ${kept} rows`, async () => {
      const all = await estimates(estimator, { x, y, rows: ROWS, keys: 3000, priorities });
      const predicted = estimator.variance(found, priorities);
      const errors = all.map((gradient) =>
        gradient.reduce((total, value, at) => total + (value - exact[at]!) ** 2, 0),
      );
      if (predicted === 0) {
        expect(Math.max(...errors)).toBeLessThan(1e-20);
        return;
      }
      exact.forEach((want, at) => {
        const values = all.map((gradient) => gradient[at]!);
        // Six elements, thirteen settings: by chance once in 1900 suites.
        expect(Math.abs(mean(values) - want)).toBeLessThan(4.5 * standardError(values));
      });
      expect(Math.abs(mean(errors) - predicted)).toBeLessThan(4 * standardError(errors));
      expect(standardError(errors)).toBeLessThan(0.08 * predicted);
    });
  }

  it('that are all kept without replacement, or all winners, are exact', () => {
    expect(rows({ rate: 1, by: 'uniform' }).variance(found)).toBe(0);
    expect(wtaCrs({ rate: 1 }).variance(found, guessed)).toBe(0);
  });

  it('change the weight gradient alone', async () => {
    const graph = (estimator: GradientEstimator) => layerGraph(estimator, ROWS, INPUTS, OUTPUTS);
    for (const [estimator] of cases) {
      const backward = graph(estimator).nodes.filter(({ stage }) => stage !== 'forward');
      const products = backward.filter(({ op }) => op.name === 'matmul');
      expect(products.map(({ inputs }) => inputs[0]!.shape[0])).toContain(
        estimator.bytes([ROWS, 0]) / 4,
      );
    }
  });

  it('keep as many bytes as they say', () => {
    for (const [estimator] of cases) {
      const graph = layerGraph(estimator, 48, 16, 2);
      const kept = planMemory(graph).kept.filter(({ scope }) => scope === 'layer');
      const bytes = kept.reduce(
        (sum, { value }) => sum + 4 * value.shape.reduce((a, b) => a * b, 1),
        0,
      );
      expect(bytes).toBe(estimator.bytes([48, 16]));
    }
    expect(dense().bytes([48, 16])).toBeGreaterThan(
      rows({ rate: 0.5, by: 'norm' }).bytes([48, 16]),
    );
  });
});

describe('variances of rows', () => {
  const unit = { ...found, gradientNorm: 10, rowProducts: 5, rows: 11 };

  it('follow the table: uniform, by norm, by the best weights', () => {
    expect(uniformRowsVariance(unit, 3, true)).toBeCloseTo(15, 12);
    expect(uniformRowsVariance(unit, 3, false)).toBeCloseTo(12, 12);
    const t = found.gradientNorm;
    const other = moments(draw(ROWS * INPUTS, 1), y, ROWS);
    expect(drawnRowsVariance(other, other.xNorms, 2)).toBeCloseTo(
      (other.normProduct - other.gradientNorm) / 2,
      8,
    );
    const best = Array.from(found.xNorms, (norm, row) => Math.sqrt(norm * found.yNorms[row]!));
    const total = best.reduce((sum, weight) => sum + weight, 0);
    expect(drawnRowsVariance(found, best, 2)).toBeCloseTo((total ** 2 - t) / 2, 8);
    const even = new Float64Array(ROWS);
    expect(drawnRowsVariance(found, even, 2)).toBeCloseTo(uniformRowsVariance(found, 2, true), 8);
  });

  it('are infinite where a row that counts is never drawn', () => {
    const never = Float64Array.from({ length: ROWS }, (_, row) => (row === 0 ? 0 : 1));
    expect(drawnRowsVariance(found, never, 2)).toBe(Number.POSITIVE_INFINITY);
  });

  it('of winners are those of the others', () => {
    const weights = Float64Array.from({ length: ROWS }, (_, row) => (row === 1 ? 100 : 1));
    const others = [...Array(ROWS).keys()].filter((row) => row !== 1);
    const second = others.reduce(
      (sum, row) => sum + found.xNorms[row]! * found.yNorms[row]! * others.length,
      0,
    );
    const theirs = y.map((value, i) => (Math.floor(i / OUTPUTS) === 1 ? 0 : value));
    const { gradientNorm } = moments(x, theirs, ROWS);
    const drawn = weights.map((weight) => (weight === 1 ? 1 : 0));
    const given = { count: 4, others: drawn, gradientNorm };
    expect(winnerRowsVariance(found, weights, given)).toBeCloseTo((second - gradientNorm) / 3, 8);
  });
});

describe('options of rows', () => {
  it('name what would be accepted', () => {
    expect(() => rows({ rate: 0.5, by: 'best' as RowsOptions['by'] })).toThrow(
      new UsageError(`rows are drawn by ${ROW_CHOICES.join(', ')}, not by 'best'`),
    );
    for (const by of ['norm', 'optimal'] as const)
      expect(() => rows({ rate: 0.5, by, replacement: false })).toThrow(UsageError);
    for (const rate of [0, -1, 1.01, Number.NaN]) {
      expect(() => rows({ rate, by: 'uniform' })).toThrow(UsageError);
      expect(() => wtaCrs({ rate })).toThrow(UsageError);
    }
  });
});
