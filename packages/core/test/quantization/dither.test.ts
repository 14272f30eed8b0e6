import { describe, expect, it } from 'vitest';
import type { CodeBits } from '../../src/index.js';
import {
  ditheredValue,
  roundingErrors,
  variesLessDithered,
} from '../../src/quantization/dither.js';
import { codeAt, MULTIPLIERS, position, unpackRange } from '../../src/quantization/rounding.js';

const ONE = 65536;

/** Shares of the dither that are taken off, by bits. */
const SHARES = { 1: 5 / 4, 2: 7 / 8, 3: 1, 4: 1, 8: 1 } as const;

/** The mean and the mean square of what 2¹⁶ random bits make of a value's error, in steps. */
function errorsOf(value: number, range: { minimum: number; step: number }, bits: CodeBits) {
  const at = position(value, range, 2 ** bits - 1);
  let [sum, squares] = [0, 0];
  for (let random = 0; random < ONE; random++) {
    const read = ditheredValue(codeAt(at, random), random, range, bits);
    const error = (read - value) / range.step;
    sum += error;
    squares += error ** 2;
  }
  return { mean: sum / ONE, square: squares / ONE };
}

describe('a dithered value', () => {
  it('has its mean, and varies by (1 − λ) f (1 − f) + λ²/12 of a squared step', () => {
    // A minimum of 0 and a step of 1, so that 32-bit arithmetic has nearly all of it exactly.
    const range = { minimum: 0, step: 1 };
    for (const [value, bits] of [
      [0, 1],
      [0.5, 1],
      [1, 1],
      [0, 2],
      [1 / ONE, 2],
      [1.25, 2],
      [3, 2],
      [0, 3],
      [1.25, 3],
      [7, 3],
      [14.75, 4],
      [254.75, 8],
    ] as const) {
      const { mean, square } = errorsOf(value, range, bits);
      const [share, fraction] = [SHARES[bits], value % 1];
      const variance = (1 - share) * fraction * (1 - fraction) + share ** 2 / 12;
      // Of 8 bits the last of 24 is rounded to even.
      expect(Math.abs(mean), `${value}, ${bits} bits`).toBeLessThan(bits === 8 ? 1e-9 : 1e-12);
      // Shares are taken of whole numbers, in units of 2⁻¹⁶.
      expect(Math.abs(square / variance - 1), `${value}, ${bits} bits`).toBeLessThan(4e-5);
    }
  });

  it('is within half a step where all of its dither is taken off', () => {
    const range = { minimum: -3, step: 0.375 };
    for (const value of [-3, -2.9, -1, -0.375]) {
      const at = position(value, range, 7);
      for (const random of [0, 1, 32767, 32768, 65535]) {
        const read = ditheredValue(codeAt(at, random), random, range, 3);
        expect(Math.abs(read - value)).toBeLessThanOrEqual(0.5 * 0.375 * 1.00001);
      }
    }
  });
});

describe('a group', () => {
  const range = { minimum: 0, step: 2 };
  const varies = (positions: readonly number[], bits: CodeBits = 3) =>
    variesLessDithered(positions, [0, positions.length], bits);

  it('is dithered where f (1 − f) is above λ/12 in the mean', () => {
    // f (1 − f) is 1/12 at f = 0.0917517…, whose nearest multiples of 2⁻¹⁶ are 6013 and 6014.
    for (const [positions, dithered] of [
      [[0, ONE, 3 * ONE], false],
      [[6012, ONE + 6012], false],
      [[6014, ONE + 6014], true],
      [[ONE - 6014], true],
      [[0, ONE / 2], true],
      [[0, 0, ONE / 2], false],
      [[0, 0, 0.625 * ONE, ONE / 2], true],
    ] as const)
      expect(varies(positions), `${positions}`).toBe(dithered);
    expect(variesLessDithered([ONE / 2, ONE / 2, 0, 0, ONE / 2], [2, 4], 3)).toBe(false);
    expect(variesLessDithered([0, 0, ONE / 2, 6014, 0], [2, 4], 3)).toBe(true);
  });

  it('is dithered by the share of its width', () => {
    // f (1 − f) of 0.0729167 and 0.1041667, for 7/96 and 10/96: f · 2¹⁶ = 5189.6…, 7741.02…
    for (const [bits, last] of [
      [2, 5189],
      [1, 7741],
    ] as const) {
      expect(varies([last], bits), `${bits} bits`).toBe(false);
      expect(varies([last + 1], bits), `${bits} bits`).toBe(true);
    }
  });

  it('varies as the smaller of the two', () => {
    const errors = (values: number[], dither: boolean, bits: CodeBits = 3) =>
      roundingErrors(values, range, { bits, dither });
    // Fractions 1/2, 1/4, 0: 4 · (1/4 + 3/16), and 4 · 3/12.
    expect(errors([1, 2.5, 4], false)).toBeCloseTo(1.75, 12);
    expect(errors([1, 2.5, 4], true)).toBeCloseTo(1, 12);
    expect(errors([1, 2.5, 4], true, 2)).toBeCloseTo(1.75 / 8 + (49 / 64) * 1, 12);
    expect(errors([1, 0.5, 1], true, 1)).toBeCloseTo(-2.75 / 4 + (25 / 16) * 1, 12);
    expect(errors([0, 2.5, 4], false)).toBeCloseTo(0.75, 12);
    expect(errors([0, 2.5, 4], true)).toBeCloseTo(0.75, 12);
    expect(errors([2, 0, 6], true)).toBe(0);
  });

  it('of one value is never dithered', () => {
    for (const bits of [1, 2, 3, 4, 8] as const) expect(varies([0], bits)).toBe(false);
    expect(unpackRange(0x00003f80)).toEqual({ minimum: 1, step: 0, dithered: false });
  });
});

describe('errors of features that share a random word', () => {
  it('are uncorrelated, wherever values lie between their codes', () => {
    // The saw-teeth ½ − fraction(t + u) of two products of a word with odd multipliers.
    const WORDS = 2 ** 14;
    const error = (word: number, multiplier: number, t: number) => {
      const at = t + (Math.imul(word, multiplier) >>> 16);
      return 0.5 - ((at % ONE) + 0.5) / ONE;
    };
    for (const other of MULTIPLIERS.subarray(1))
      for (const t of [0, 13107, 32768, 52429]) {
        let product = 0;
        for (let i = 0; i < WORDS; i++) {
          // Words as far apart as they lie when they are taken in the order of a golden section.
          const word = Math.imul(i, 0x9e3779b1);
          product += error(word, 1, 7000) * error(word, other, t);
        }
        // Of independent ones the mean of the products has a deviation of 1/12/√words.
        expect(Math.abs(product / WORDS)).toBeLessThan(4 / 12 / Math.sqrt(WORDS));
      }
  });
});
