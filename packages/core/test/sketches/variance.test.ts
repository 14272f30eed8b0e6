import { describe, expect, it } from 'vitest';
import { count, dct, dft, gaussian, hadamard, rademacher, type Sketch } from '../../src/index.js';
import { mean, productEstimates, sampleMatrices, standardError } from './sampled.js';

const KEYS = 2000;

/** Rows of x and of the sketch: neither a multiple nor a power of two, a power of two, and p = B. */
const SIZES: readonly (readonly [number, number])[] = [
  [13, 4],
  [8, 6],
  [11, 11],
];

const blocks = { blockRows: 4 };
const replacement = true;
const SKETCHES: Readonly<Record<string, Sketch>> = {
  'gaussian in blocks': gaussian(blocks),
  'rademacher in blocks': rademacher(blocks),
  'count, balanced': count(),
  'count, balanced in blocks': count(blocks),
  'count, drawn': count({ balanced: false }),
  'count, drawn in blocks': count({ balanced: false, ...blocks }),
  dct: dct(),
  'dct with replacement': dct({ replacement }),
  'dct in blocks': dct(blocks),
  'dct with replacement in blocks': dct({ replacement, ...blocks }),
  dft: dft(),
  'dft with replacement': dft({ replacement }),
  'dft in blocks': dft(blocks),
  'dft with replacement in blocks': dft({ replacement, ...blocks }),
  hadamard: hadamard(),
  'hadamard with replacement': hadamard({ replacement }),
  'hadamard in blocks': hadamard(blocks),
  'hadamard with replacement in blocks': hadamard({ replacement, ...blocks }),
};

async function expectVariance(sketch: Sketch, n: number, rows: number, only?: number) {
  const { x, y, product, moments } = sampleMatrices(n, only);
  const all = await productEstimates(sketch, { n, rows, keys: KEYS, x, y });
  const predicted = sketch.variance(moments, rows);
  const errors = all.map((estimate) =>
    estimate.reduce((sum, value, at) => sum + (value - product[at]!) ** 2, 0),
  );
  if (Math.abs(predicted) < 1e-9) {
    expect(Math.max(...errors)).toBeLessThan(1e-12);
    return;
  }
  product.forEach((want, at) => {
    const values = all.map((estimate) => estimate[at]!);
    // 432 elements: 5 standard errors are passed by chance once in 4000 suites of other keys.
    expect(Math.abs(mean(values) - want)).toBeLessThan(5 * standardError(values));
  });
  // 72 variances: 4 standard errors are passed by chance once in 200 suites of other keys.
  expect(Math.abs(mean(errors) - predicted)).toBeLessThan(4 * standardError(errors));
  // The comparison can tell: the formulas' terms are many standard errors apart.
  expect(standardError(errors)).toBeLessThan(0.12 * predicted);
}

describe('sketches', () => {
  for (const [name, sketch] of Object.entries(SKETCHES)) {
    it.each(SIZES)(`are unbiased and vary as the formula says: ${name}, %i rows to %i`, (n, rows) =>
      expectVariance(sketch, n, rows),
    );

    // Then A = T = D, and the variance is that of one entry's square: fourth powers alone.
    it(`vary as the formula says where one row alone is not 0: ${name}`, () =>
      expectVariance(sketch, 13, 4, 2));
  }
});
