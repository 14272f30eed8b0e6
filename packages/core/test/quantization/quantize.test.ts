import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BackendError,
  type CodeBits,
  dequantize,
  input,
  newKey,
  quantize,
  quantizedMatmul,
  roundingVariance,
  type Segment,
  ShapeError,
  trace,
  UsageError,
  type Value,
} from '../../src/index.js';
import { unpackRange } from '../../src/quantization/rounding.js';
import { evaluator } from '../../src/reference/evaluate.js';
import { draw } from '../support/draw.js';

interface Setting {
  readonly rows: number;
  readonly features: number;
  readonly group: number;
  readonly rotate: boolean;
  readonly bits?: CodeBits;
  readonly segments?: readonly Segment[];
}

/** What is rounded, read as it is and as it is without its dither. */
const roundTrip = ({ rows, features, ...how }: Setting, ranked = false) =>
  evaluator((): Record<string, Value> => {
    const x = input('x', [rows, features]);
    const ranks = ranked ? input('ranks', [rows], 'i32') : undefined;
    const key = newKey(input('key', [2], 'i32'));
    const [codes, ranges] = quantize(x, { ...how, key, ranks });
    const settings = { ...how, features, ranks };
    return {
      ...{ codes, ranges, y: dequantize(codes, ranges, settings) },
      undithered: dequantize(codes, ranges, { ...settings, key }),
    };
  });

const key = (step: number) => Int32Array.of(7, step);

const settings: fc.Arbitrary<Setting> = fc.record({
  rows: fc.integer({ min: 1, max: 5 }),
  features: fc.integer({ min: 1, max: 150 }),
  group: fc.integer({ min: 1, max: 160 }),
  rotate: fc.boolean(),
  bits: fc.constantFrom<CodeBits>(1, 2, 3, 4, 8),
});

/** The widest step of a row. */
function rowStep(ranges: Float64Array, row: number, rows: number): number {
  const groups = ranges.length / rows;
  let step = 0;
  for (let at = 0; at < groups; at++)
    step = Math.max(step, unpackRange(ranges[row * groups + at]!).step);
  return step;
}

describe('quantize and dequantize', () => {
  it('come back to within a step: of each value, or of each row’s rotated values', () => {
    fc.assert(
      fc.property(settings, fc.nat(1000), fc.integer({ min: -30, max: 30 }), (how, seed, size) => {
        const { rows, features } = how;
        const x = Float32Array.from(draw(rows * features, seed), (v) => (v + 1) * 2 ** size);
        const { y, undithered, ranges } = roundTrip(how)({ x, key: key(seed) });
        for (const read of [y!, undithered!])
          for (let row = 0; row < rows; row++) {
            const step = rowStep(ranges!, row, rows);
            let squares = 0;
            for (let f = 0; f < features; f++) {
              const error = Math.abs(read[row * features + f]! - x[row * features + f]!);
              if (!how.rotate) expect(error).toBeLessThanOrEqual(step * 1.0001);
              squares += error ** 2;
            }
            expect(Math.sqrt(squares)).toBeLessThanOrEqual(step * Math.sqrt(features) * 1.0001);
            // bfloat16 widens a range by little: its values fill most of it.
            const low = Math.min(...x.subarray(row * features, (row + 1) * features));
            const high = Math.max(...x.subarray(row * features, (row + 1) * features));
            if (!how.rotate)
              expect(step * (2 ** how.bits! - 1)).toBeLessThan(
                (high - low) * 1.01 + Math.abs(low) * 0.01 + 1e-29,
              );
          }
      }),
      { numRuns: 150 },
    );
  });

  it('keep constant rows that bfloat16 has exactly', () => {
    for (const bits of [1, 8] as const) {
      const x = Float32Array.from({ length: 40 }, (_, i) => [0, 1, -2.5, 96][Math.floor(i / 10)]!);
      const how = { rows: 4, features: 10, group: 4, rotate: false, bits };
      const { y, undithered } = roundTrip(how)({ x, key: key(0) });
      expect([...y!]).toEqual([...x]);
      expect([...undithered!]).toEqual([...x]);
    }
  });

  it('keep the ends of a range that bfloat16 has', () => {
    const x = Float32Array.of(0, 255, 17, 254, 1);
    const how = { rows: 1, features: 5, group: 5, rotate: false, bits: 8 } as const;
    for (let step = 0; step < 20; step++) {
      const { y, undithered } = roundTrip(how)({ x, key: key(step) });
      expect([...y!]).toEqual([...x]);
      // All lie at codes, so that none has an error without dither.
      expect([...undithered!]).toEqual([...x]);
    }
  });

  it('round values as small as there are, and as large as bfloat16 has', () => {
    const how = { rows: 1, features: 4, group: 4, rotate: false, bits: 2 } as const;
    for (const size of [1e-45, 1e-38, 1e-31, 1e36]) {
      const x = Float32Array.of(-size, size, size / 2, 0);
      const { y, undithered, ranges } = roundTrip(how)({ x, key: key(1) });
      const { step } = unpackRange(ranges![0]!);
      expect(step).toBeGreaterThan(0);
      for (const read of [y!, undithered!])
        for (const [i, value] of read.entries())
          expect(Math.abs(value - x[i]!)).toBeLessThanOrEqual(step * 1.0001);
    }
  });

  it('refuse what no range has, and say which value', () => {
    for (const [value, rotate] of [
      [Number.NaN, false],
      [Number.POSITIVE_INFINITY, true],
      [Number.NEGATIVE_INFINITY, false],
      [3.402e38, false],
      [-3.402e38, false],
    ] as const) {
      const x = Float32Array.of(1, 2, 3, 4, 5, value, 7, 8);
      const run = roundTrip({ rows: 2, features: 4, group: 4, rotate, bits: 2 });
      expect(() => run({ x, key: key(0) })).toThrow(BackendError);
      expect(() => run({ x, key: key(0) })).toThrow(/position 5 is not finite/);
    }
  });

  it('give the first by rank the widest codes, whatever their order', () => {
    const segments = [
      { bits: 8, rows: 2 },
      { bits: 3, rows: 2 },
      { bits: 1, rows: 2 },
    ] as const;
    const how = { rows: 6, features: 20, group: 20, rotate: false, segments };
    const x = Float32Array.from(draw(120, 3));
    const ranks = Int32Array.of(5, 0, 3, 1, 2, 4);
    const { y, ranges } = roundTrip(how, true)({ x, ranks, key: key(2) });
    for (let row = 0; row < 6; row++) {
      const levels = [255, 255, 7, 7, 1, 1][ranks[row]!]!;
      const { minimum, step } = unpackRange(ranges![row]!);
      expect(step * levels).toBeCloseTo(4, -0.3);
      const values = y!.subarray(row * 20, (row + 1) * 20);
      for (const value of values) {
        const code = (value - minimum) / step;
        expect(Math.abs(code - Math.round(code))).toBeLessThan(1e-3);
        expect(Math.round(code)).toBeLessThanOrEqual(levels);
      }
    }
    const outside = Int32Array.of(0, 1, 2, 3, 4, 6);
    expect(() => roundTrip(how, true)({ x, ranks: outside, key: key(0) })).toThrow(
      /rank 6 at position 5 is outside \[0, 6\)/,
    );
  });

  it('are read without their dither where that varies less, and keep zeros and other codes', () => {
    // A group of any values, and two whose values all lie at codes, or nearly all.
    const x = Float32Array.of(0, 1.5, 2.5, 3, 0, 3, 0, 1, 0, 3, 2.5, 1);
    const run = roundTrip({ rows: 1, features: 12, group: 4, rotate: false, bits: 2 });
    const { ranges } = run({ x, key: key(0) });
    expect(Array.from(ranges!, (range) => unpackRange(range).dithered)).toEqual([
      true,
      false,
      false,
    ]);
    for (let step = 0; step < 20; step++) {
      const { y, undithered } = run({ x, key: key(step) });
      expect([...undithered!.subarray(4)]).toEqual([...y!.subarray(4)]);
      expect([...undithered!.subarray(4, 8)]).toEqual([0, 3, 0, 1]);
      for (let i = 0; i < 4; i++) {
        expect(Math.abs(undithered![i]! - x[i]!)).toBeLessThan(1);
        expect(undithered![i]).not.toBe(y![i]);
      }
    }
  });

  for (const [rotate, bits, reading] of [
    [false, 1, 'y'],
    [false, 3, 'y'],
    [true, 2, 'y'],
    [false, 1, 'undithered'],
    [false, 3, 'undithered'],
    [true, 2, 'undithered'],
  ] as const)
    it(`are unbiased, vary as roundingVariance says, and err independently by row: ${bits} bits${rotate ? ', rotated' : ''}, ${reading}`, () => {
      const KEYS = 6000;
      const how = { rows: 3, features: 12, group: 7, rotate, bits };
      const x = Float32Array.from(draw(36, 5), (value, i) => value + (i < 12 ? 3 : 0));
      const run = roundTrip(how);
      const sums = new Float64Array(36);
      const squares = new Float64Array(36);
      const products = { sameRow: 0, otherRow: 0 };
      for (let step = 0; step < KEYS; step++) {
        const read = run({ x, key: key(step) })[reading]!;
        const errors = read.map((value, i) => value - x[i]!);
        errors.forEach((error, i) => {
          sums[i]! += error;
          squares[i]! += error ** 2;
        });
        // Features 1 and 5 share a random word, as do 1 and 9.
        products.sameRow += errors[1]! * errors[5]! + errors[1]! * errors[9]!;
        products.otherRow += errors[0]! * errors[12]! + errors[1]! * errors[25]!;
      }
      const variance = (i: number) => squares[i]! / KEYS;
      // A value close to a code may never be rounded the other way: its variance is not seen then.
      const unseen = ((8 / (2 ** bits - 1)) ** 2 * 10) / KEYS;
      for (let i = 0; i < 36; i++)
        expect(Math.abs(sums[i]! / KEYS)).toBeLessThan(
          4.5 * Math.sqrt((variance(i) + unseen) / KEYS),
        );
      const dither = reading === 'undithered';
      const { v } = evaluator(() => ({
        v: roundingVariance(input('x', [3, 12]), { group: 7, rotate, bits, dither }),
      }))({ x });
      for (let row = 0; row < 3; row++) {
        let found = 0;
        for (let f = 0; f < 12; f++) found += variance(row * 12 + f);
        // Squares of dithered errors have a deviation of 0.9 of their mean: 4 standard errors of the
        // mean over 12 features are 0.013, which a formula that is wrong by a twelfth is beyond.
        expect(Math.abs(found / v![row]! - 1)).toBeLessThan(dither ? 0.015 : 0.06);
      }
      const scale = Math.max(...squares) / KEYS;
      if (!rotate)
        expect(Math.abs(products.sameRow / KEYS)).toBeLessThan((6 * scale) / Math.sqrt(KEYS));
      expect(Math.abs(products.otherRow / KEYS)).toBeLessThan((6 * scale) / Math.sqrt(KEYS));
    });
});

describe('bad settings', () => {
  const build = (options: object, x: readonly number[] = [4, 6]) =>
    trace(() => {
      const [codes] = quantize(input('x', x), {
        ...options,
        key: newKey(input('key', [2], 'i32')),
      } as Parameters<typeof quantize>[1]);
      return { codes };
    });

  it.each([
    [{ bits: 5 }, /1, 2, 3, 4 or 8 bits, not 5/],
    [{ bits: 2, group: 0 }, /the group must be an integer from 1 .* but it is 0/],
    [{ bits: 2, group: 1.5 }, /but it is 1\.5/],
    [{}, /either bits.*or segments/],
    [{ bits: 2, segments: [{ bits: 2, rows: 4 }] }, /either bits/],
    [
      {
        segments: [
          { bits: 2, rows: 2 },
          { bits: 4, rows: 2 },
        ],
      },
      /falling bits, not 2, 4/,
    ],
    [{ segments: [{ bits: 2, rows: -1 }] }, /≥ 0, not -1/],
  ])('%j', (options, message) => {
    expect(() => build(options)).toThrow(UsageError);
    expect(() => build(options)).toThrow(message);
  });

  it('sizes that do not fit', () => {
    expect(() => build({ segments: [{ bits: 2, rows: 3 }] })).toThrow(ShapeError);
    expect(() => build({ segments: [{ bits: 2, rows: 3 }] })).toThrow(/3 rows.*of 4/);
    expect(() => build({ bits: 2 }, [4])).toThrow(ShapeError);
    expect(() =>
      trace(() => {
        const [codes, ranges] = quantize(input('x', [4, 6]), {
          bits: 2,
          key: newKey(input('key', [2], 'i32')),
        });
        const y = input('y', [5, 2]);
        return { z: quantizedMatmul(y, codes, ranges, { bits: 2, features: 6 }) };
      }),
    ).toThrow(/y has 5 rows, the codes 4/);
  });
});
