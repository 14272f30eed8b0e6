import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CodeBits, leastVarianceBits, type MixedBits, UsageError } from '../../src/index.js';
import { checkMixedBits, segmentsOf } from '../../src/quantization/mixed-bits.js';

const cost = (bits: number) => 1 / (2 ** bits - 1) ** 2;

/** Σ w_i c_b when the heaviest rows get the most bits. */
function total(weights: readonly number[], mixed: MixedBits): number {
  const falling = [...weights].sort((a, b) => b - a);
  let at = 0;
  let sum = 0;
  for (const { bits, rows } of segmentsOf(mixed, weights.length))
    for (let i = 0; i < rows; i++) sum += falling[at++]! * cost(bits);
  return sum;
}

const average = (mixed: MixedBits) => mixed.reduce((sum, { bits, share }) => sum + bits * share, 0);

describe('leastVarianceBits', () => {
  it('is the best of all assignments for the bits that it spends', () => {
    const widths: readonly CodeBits[] = [1, 2, 3, 4, 8];
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 10, max: 80 }),
        (weights, tenths) => {
          const found = leastVarianceBits(weights, tenths / 10);
          const spent = average(found) * weights.length;
          expect(spent).toBeLessThanOrEqual((tenths / 10) * weights.length + 1e-6);
          let best = Number.POSITIVE_INFINITY;
          const assign = (row: number, bits: number, sum: number): void => {
            if (bits > spent + 1e-6) return;
            if (row === weights.length) best = Math.min(best, sum);
            else
              for (const width of widths)
                assign(row + 1, bits + width, sum + weights[row]! * cost(width));
          };
          assign(0, 0, 0);
          expect(total(weights, found)).toBeLessThanOrEqual(best * (1 + 1e-9) + 1e-12);
        },
      ),
      // Of the second, the best step is too wide for what is left.
      {
        numRuns: 200,
        examples: [
          [[5], 80],
          [[0, 0, 1, 4], 33],
        ],
      },
    );
  });

  it('spends what is given, but for less than one step of a row', () => {
    const weights = Array.from({ length: 100 }, (_, i) => 1.1 ** i);
    for (const bits of [1, 2.5, 3.2, 7.9, 8]) {
      const spent = average(leastVarianceBits(weights, bits));
      expect(spent).toBeLessThanOrEqual(bits + 1e-9);
      expect(spent).toBeGreaterThan(bits - 0.04);
    }
    expect(leastVarianceBits(weights, 3, [3])).toEqual([{ bits: 3, share: 1 }]);
    expect(leastVarianceBits([5], 100)).toEqual([{ bits: 8, share: 1 }]);
  });

  it('rejects what it cannot share out', () => {
    for (const bad of [
      () => leastVarianceBits([1], 0.5),
      () => leastVarianceBits([1], Number.NaN),
      () => leastVarianceBits([], 2),
      () => leastVarianceBits([1], 2, []),
      () => leastVarianceBits([-1], 2),
      () => leastVarianceBits([Number.NaN], 2),
    ])
      expect(bad).toThrow(UsageError);
  });
});

describe('shares of bits', () => {
  it('become rows that add up to all, each within one of its share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 }),
        fc.nat(300),
        (parts, rows) => {
          const sum = parts.reduce((a, b) => a + b, 0);
          const widths = [1, 2, 3, 4, 8] as const;
          const mixed = checkMixedBits(
            parts.map((part, at) => ({ bits: widths[at]!, share: part / sum })),
          );
          const segments = segmentsOf(mixed, rows);
          expect(segments.reduce((total, segment) => total + segment.rows, 0)).toBe(rows);
          segments.forEach((segment, at) => {
            expect(segment.rows).toBeGreaterThanOrEqual(0);
            expect(Math.abs(segment.rows - mixed[at]!.share * rows)).toBeLessThanOrEqual(1 + 1e-6);
          });
          const bits = segments.map((segment) => segment.bits);
          expect(bits).toEqual([...bits].sort((a, b) => b - a));
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    [[{ bits: 5, share: 1 }], /not 5/],
    [[{ bits: 0, share: 1 }], /not 0/],
    [[{ bits: 2, share: -1 }], /from 0 to 1, but it is -1/],
    [[{ bits: 2, share: Number.NaN }], /from 0 to 1, but it is NaN/],
    [[{ bits: 2, share: 0.5 }], /add up to 1, not 0\.5/],
    [
      [
        { bits: 2, share: 0.5 },
        { bits: 2, share: 0.5 },
      ],
      /two shares are for 2 bits/,
    ],
    [[], /add up to 1, not 0/],
  ])('%j', (mixed, message) => {
    expect(() => checkMixedBits(mixed as MixedBits)).toThrow(UsageError);
    expect(() => checkMixedBits(mixed as MixedBits)).toThrow(message);
  });
});
