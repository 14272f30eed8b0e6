import { describe, expect, it } from 'vitest';
import {
  ditheredValue,
  roundingErrors,
  variesLessDithered,
} from '../../src/quantization/dither.js';
import { codeAt, MULTIPLIERS, position, unpackRange } from '../../src/quantization/rounding.js';

const ONE = 65536;

/** The mean and the mean square of what 2¹⁶ random bits make of a value's error, in steps. */
function errorsOf(value: number, range: { minimum: number; step: number }, levels: number) {
  const at = position(value, range, levels);
  let [sum, squares] = [0, 0];
  for (let random = 0; random < ONE; random++) {
    const error = (ditheredValue(codeAt(at, random), random, range) - value) / range.step;
    sum += error;
    squares += error ** 2;
  }
  return { mean: sum / ONE, square: squares / ONE };
}

describe('a dithered value', () => {
  it('has its mean, and varies by a twelfth of a squared step, wherever it lies', () => {
    // A minimum of 0 and a step of 1, so that 32-bit arithmetic has all of it exactly.
    const range = { minimum: 0, step: 1 };
    for (const [value, levels] of [
      [0, 3],
      [1 / ONE, 3],
      [0.5, 1],
      [1.25, 7],
      [3, 3],
      [254.75, 255],
    ] as const) {
      const { mean, square } = errorsOf(value, range, levels);
      expect(Math.abs(mean), `${value}`).toBeLessThan(1e-12);
      // Of 8 bits the last of 24 is rounded to even.
      expect(Math.abs(square * 12 - 1), `${value}`).toBeLessThan(levels > 100 ? 1e-6 : 1e-9);
    }
  });

  it('is within half a step, and half a step outside its range at most', () => {
    const range = { minimum: -3, step: 0.375 };
    for (const value of [-3, -2.9, -1, -0.375]) {
      const at = position(value, range, 7);
      for (const random of [0, 1, 32767, 32768, 65535]) {
        const read = ditheredValue(codeAt(at, random), random, range);
        expect(Math.abs(read - value)).toBeLessThanOrEqual(0.5 * 0.375 * 1.00001);
      }
    }
  });
});

describe('a group', () => {
  const range = { minimum: 0, step: 2 };

  it('is dithered where f (1 − f) is above a twelfth in the mean', () => {
    // f (1 − f) is 1/12 at f = 0.0917517…, whose nearest multiples of 2⁻¹⁶ are 6013 and 6014.
    for (const [positions, dithered] of [
      [[0, ONE, 3 * ONE], false],
      [[6013, ONE + 6013], false],
      [[6014, ONE + 6014], true],
      [[ONE - 6014], true],
      [[6013, 6014], true],
      [[0, ONE / 2], true],
      [[0, 0, ONE / 2], false],
      [[0, 0, 0.6 * ONE, ONE / 2], true],
    ] as const)
      expect(variesLessDithered(positions, 0, positions.length), `${positions}`).toBe(dithered);
    expect(variesLessDithered([ONE / 2, ONE / 2, 0, 0, ONE / 2], 2, 4)).toBe(false);
    expect(variesLessDithered([0, 0, ONE / 2, 6014, 0], 2, 4)).toBe(true);
  });

  it('varies as the smaller of the two', () => {
    const errors = (values: number[], dither: boolean) =>
      roundingErrors(values, range, { levels: 3, dither });
    // Fractions 1/2, 1/4, 0: 4 · (1/4 + 3/16), and 4 · 3/12.
    expect(errors([1, 2.5, 4], false)).toBeCloseTo(1.75, 12);
    expect(errors([1, 2.5, 4], true)).toBeCloseTo(1, 12);
    expect(errors([0, 2.5, 4], false)).toBeCloseTo(0.75, 12);
    expect(errors([0, 2.5, 4], true)).toBeCloseTo(0.75, 12);
    expect(errors([2, 0, 6], true)).toBe(0);
  });

  it('of one value is never dithered', () => {
    expect(variesLessDithered([0], 0, 1)).toBe(false);
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
