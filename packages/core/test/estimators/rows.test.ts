import { describe, expect, it } from 'vitest';
import {
  dense,
  drawnRowsVariance,
  type GradientEstimator,
  planMemory,
  type RowsOptions,
  rows,
  UsageError,
  uniformRowsVariance,
  winnerRowsVariance,
  wtaCrs,
} from '../../src/index.js';
import { moments } from '../../src/reference/index.js';
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

/** X and Y that each draw of rows is tried on, with the norms of X that rows are drawn by. */
const pairs = Array.from({ length: 8 }, (_, pair) => {
  const directions = draw(ROWS * INPUTS, 11 + 2 * pair);
  const norms = moments(directions, directions, ROWS).xNorms;
  const turned = directions.map((value, i) => {
    const row = Math.floor(i / INPUTS);
    return value * Math.sqrt(found.xNorms[row]! / norms[row]!);
  });
  const other = draw(ROWS * OUTPUTS, 12 + 2 * pair);
  return { x: turned, y: other, moments: moments(turned, other, ROWS) };
});

/** What each row counts for, [rows], for one key after the other: 1 on average. */
async function weights(estimator: GradientEstimator, keys: number, priorities?: Float64Array) {
  const norms = Float64Array.from(found.xNorms, (norm) => Math.sqrt(norm) || 1);
  const diagonal = (values: ArrayLike<number>) =>
    Float64Array.from({ length: ROWS * ROWS }, (_, i) =>
      i % (ROWS + 1) === 0 ? values[i / (ROWS + 1)]! : 0,
    );
  // A row that is 0 stays so: what it counts for is seen nowhere.
  const given = diagonal(Float64Array.from(found.xNorms, Math.sqrt));
  const unit = diagonal(new Float64Array(ROWS).fill(1));
  const all = await estimates(estimator, { x: given, y: unit, rows: ROWS, keys, priorities });
  return all.map((estimate) => norms.map((norm, row) => estimate[row * (ROWS + 1)]! / norm));
}

/** ‖Σ (w_i − 1) y_i x_iᵀ‖² */
function squaredError(counted: Float64Array, { x, y }: Record<'x' | 'y', Float64Array>): number {
  const scaled = y.map((value, i) => value * (counted[Math.floor(i / OUTPUTS)]! - 1));
  return exactGradient(x, scaled, ROWS).reduce((sum, value) => sum + value ** 2, 0);
}

describe('estimates from rows', () => {
  for (const [estimator, priorities] of cases) {
    const kept = estimator.bytes([ROWS, INPUTS]) / (4 * (INPUTS + 1));
    it(`are unbiased and vary as the formula says: ${estimator.name}, ${kept} rows`, async () => {
      // One row is now and then one that counts for a hundred.
      const all = await weights(estimator, kept === 1 ? 12_000 : 4000, priorities);
      const predicted = pairs.map((pair) => estimator.variance(pair.moments, priorities));
      const errors = all.map((counted) => pairs.map((pair) => squaredError(counted, pair)));
      if (predicted[0] === 0) {
        expect(Math.max(...errors.flat())).toBeLessThan(1e-20);
        return;
      }
      for (let row = 0; row < ROWS; row++) {
        if (found.xNorms[row] === 0) continue;
        const counts = all.map((counted) => counted[row]!);
        // 11 rows, fourteen settings: by chance once in 900 suites. f32 leaves a part in 10⁷.
        const allowed = 4.5 * standardError(counts) + 1e-6;
        expect(Math.abs(mean(counts) - 1), `row ${row}`).toBeLessThan(allowed);
      }
      const ratios = errors.map((own) => mean(own.map((error, at) => error / predicted[at]!)));
      expect(Math.abs(mean(ratios) - 1)).toBeLessThan(4 * standardError(ratios));
      // A formula that is wrong by a tenth is found out.
      expect(standardError(ratios)).toBeLessThan(0.025);
    });
  }

  it('are of X and Y as they are, not of what they weigh alone', async () => {
    for (const [estimator, priorities] of cases.slice(5, 10)) {
      const all = await estimates(estimator, { x, y, rows: ROWS, keys: 3000, priorities });
      exact.forEach((want, at) => {
        const values = all.map((gradient) => gradient[at]!);
        expect(Math.abs(mean(values) - want)).toBeLessThan(4.5 * standardError(values));
      });
    }
  });

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
      "rows's by must be one of uniform, norm, optimal, but it is 'best'",
    );
    for (const by of ['norm', 'optimal'] as const)
      expect(() => rows({ rate: 0.5, by, replacement: false })).toThrow(UsageError);
    for (const rate of [0, -1, 1.01, Number.NaN]) {
      expect(() => rows({ rate, by: 'uniform' })).toThrow(UsageError);
      expect(() => wtaCrs({ rate })).toThrow(UsageError);
    }
  });
});
