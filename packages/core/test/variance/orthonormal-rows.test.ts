import { describe, expect, it } from 'vitest';
import {
  basisFourthPowers,
  orthonormalRowsVariance,
  type Transform,
  UsageError,
} from '../../src/index.js';
import { moments } from '../../src/reference/index.js';
import { basisEntry } from '../../src/reference/transform-basis.js';
import { sampleMatrices } from '../sketches/sampled.js';

const TRANSFORMS: readonly Transform[] = ['dct', 'dft', 'hadamard'];
const LENGTHS = [1, 2, 4, 8, 16, 64];

describe.each(TRANSFORMS)('the basis %s', (transform) => {
  it.each(LENGTHS)('of %i rows is orthonormal', (length) => {
    for (let r = 0; r < length; r++)
      for (let s = 0; s <= r; s++) {
        let product = 0;
        for (let i = 0; i < length; i++)
          product += basisEntry(transform, length, r, i) * basisEntry(transform, length, s, i);
        expect(product).toBeCloseTo(r === s ? 1 : 0, 12);
      }
  });

  it.each(LENGTHS)('of %i rows has the fourth powers that the formula gives', (length) => {
    let sum = 0;
    for (let r = 0; r < length; r++)
      for (let i = 0; i < length; i++) sum += basisEntry(transform, length, r, i) ** 4;
    expect(basisFourthPowers(transform, length)).toBeCloseTo(sum, 12);
  });
});

describe('the variance of rows of a basis', () => {
  const sample = sampleMatrices(8).moments;

  it('is (A + T − 2 D)/p for Hadamard with replacement', () => {
    const { normProduct, gradientNorm, rowProducts } = sample;
    const options = { transform: 'hadamard', length: 16, replacement: true } as const;
    const want = (normProduct + gradientNorm - 2 * rowProducts) / 3;
    expect(orthonormalRowsVariance(sample, 3, options)).toBeCloseTo(want, 10);
  });

  it('is 0 where all rows of a basis are kept', () => {
    for (const transform of TRANSFORMS)
      expect(orthonormalRowsVariance(sample, 8, { transform, length: 8, replacement: false })).toBe(
        0,
      );
    const one = moments([2], [3], 1);
    for (const replacement of [true, false])
      expect(orthonormalRowsVariance(one, 1, { transform: 'dct', length: 1, replacement })).toBe(0);
  });

  it('is asked for at most as many rows as there are', () => {
    const options = { transform: 'dct', length: 16, replacement: false } as const;
    expect(() => orthonormalRowsVariance(sample, 9, options)).toThrow(UsageError);
    expect(() => orthonormalRowsVariance(sample, 9, options)).toThrow(/8 transformed rows.*not 9/);
    expect(orthonormalRowsVariance(sample, 9, { ...options, replacement: true })).toBeGreaterThan(
      0,
    );
  });
});
