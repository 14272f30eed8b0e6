import { describe, expect, it } from 'vitest';
import { normalDensity, normalDistribution } from '../../src/random/normal.js';

/** Φ(x) rounded to doubles (mpmath, at 40 digits). */
const KNOWN: readonly (readonly [number, number])[] = [
  [0, 0.5],
  [-0.1, 0.460172162722971],
  [-0.5, 0.3085375387259869],
  [-1, 0.15865525393145705],
  [-2, 0.02275013194817921],
  [-2.999, 0.0013543365337271062],
  [-3, 0.0013498980316300946],
  [-3.001, 0.0013454728250849664],
  [-5, 2.866515718791939e-7],
  [-10, 7.619853024160525e-24],
  [-30, 4.906713927148187e-198],
];

describe('the normal distribution', () => {
  it('is right to the last bits of a double', () => {
    for (const [x, probability] of KNOWN) {
      expect(Math.abs(normalDistribution(x) - probability)).toBeLessThan(4e-16);
      expect(Math.abs(normalDistribution(-x) - (1 - probability))).toBeLessThan(4e-16);
    }
  });

  it('keeps its relative accuracy in the tail', () => {
    for (const [x, probability] of KNOWN.filter(([x]) => x <= -5))
      expect(Math.abs(normalDistribution(x) / probability - 1)).toBeLessThan(1e-13);
  });

  it('has the density for its slope', () => {
    for (const x of [-6, -3.5, -3, -1, 0, 0.7, 2.9, 3.1]) {
      const slope = (normalDistribution(x + 1e-5) - normalDistribution(x - 1e-5)) / 2e-5;
      expect(Math.abs(slope - normalDensity(x))).toBeLessThan(1e-10);
    }
  });

  it('rises to 1 and carries NaN through', () => {
    expect(normalDistribution(-50)).toBe(0);
    expect(normalDistribution(50)).toBe(1);
    expect(normalDistribution(Number.NaN)).toBeNaN();
  });
});
