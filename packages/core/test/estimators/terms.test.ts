import { expect, it } from 'vitest';
import {
  exact,
  gaussian,
  keptRows,
  type Moments,
  quantized,
  rmmQuantized,
  wtaCrs,
} from '../../src/index.js';

/** Moments by hand, of four rows and six features. */
const handMade = (terms: Readonly<Record<string, readonly number[]>>): Moments => ({
  ...{ rows: 4, inputs: 6, normProduct: 60, gradientNorm: 10, rowProducts: 16 },
  ...{ xNorms: [1, 4, 2, 3], yNorms: [1, 2, 0.5, 2.5], terms: () => terms },
});

/** Σ_i errors_i ‖y_i‖² = 3 + 10 + 0.5 + 5. */
const errors = [3, 5, 1, 2];

it('rounding adds the errors of rows by the norms of their gradients', () => {
  expect(quantized({ bits: 2 }).variance(handMade({ errors2: errors }))).toBeCloseTo(18.5, 12);
});

it('EXACT adds (N − 1)/r · T, and N/r of what rounding does', () => {
  const found = handMade({ errors });
  // Three columns, two, and six.
  expect(exact({ bits: 2, projection: 2 }).variance(found)).toBeCloseTo((50 + 111) / 3, 12);
  expect(exact({ bits: 2, projection: 3 }).variance(found)).toBeCloseTo((50 + 111) / 2, 12);
  expect(exact({ bits: 2, projection: 1 }).variance(found)).toBeCloseTo((50 + 111) / 6, 12);
});

it('a rounded sketch adds the mean over its draws of what rounding does', () => {
  const sketch = gaussian();
  const estimator = rmmQuantized({ sketch, rate: 0.5, bits: 2 });
  // Two draws of two rows: 3 · 1 + 5 · 2, and 7 · 4 + 0 · 9.
  const found = handMade({ errors0: [3, 5], norms0: [1, 2], errors1: [7, 0], norms1: [4, 9] });
  const rounding = (13 + 28) / 2;
  expect(estimator.variance(found)).toBeCloseTo(sketch.variance(found, 2) + rounding, 12);
  expect(keptRows(4, 0.5)).toBe(2);
});

it('winners are exact, and the others vary as rows that are drawn', () => {
  const found = handMade({ others: [0, 1, 1, 1], gradientNorm: [4] });
  const priorities = [9, 2, 2, 1];
  // Of two places one is the winner's. The others are drawn by √(‖x‖² · guess): √8, 2, √3, to which
  // a ninth of the mean of all is added, the winner's 3 among them: a tenth of the draws are alike.
  const mean = (3 + Math.sqrt(8) + 2 + Math.sqrt(3)) / 4;
  const weights = [Math.sqrt(8), 2, Math.sqrt(3)].map((weight) => weight + mean / 9);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const products = [4 * 2, 2 * 0.5, 3 * 2.5];
  const second = products.reduce((sum, product, at) => sum + (product * total) / weights[at]!, 0);
  expect(wtaCrs({ rate: 0.5 }).variance(found, priorities)).toBeCloseTo(second - 4, 10);
  // Of three it leaves two, over which it is spread.
  expect(wtaCrs({ rate: 0.75 }).variance(found, priorities)).toBeCloseTo((second - 4) / 2, 10);
});
