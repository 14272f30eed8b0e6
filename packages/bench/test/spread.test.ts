import { UsageError } from '@sketchgrad/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spread } from '../src/spread.js';
import { timeShares } from '../src/time-shares.js';

test('smallest, middle and largest', () => {
  expect(spread([3, 1, 2])).toEqual({ min: 1, median: 2, max: 3 });
  expect(spread([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4 });
  expect(spread([7])).toEqual({ min: 7, median: 7, max: 7 });
});

test('half of the numbers are on each side of the median', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }),
      (values) => {
        const { min, median, max } = spread(values);
        expect(min).toBe(values.reduce((a, b) => Math.min(a, b)));
        expect(max).toBe(values.reduce((a, b) => Math.max(a, b)));
        expect(values.filter((value) => value < median).length * 2).toBeLessThanOrEqual(
          values.length,
        );
        expect(values.filter((value) => value > median).length * 2).toBeLessThanOrEqual(
          values.length,
        );
      },
    ),
  );
});

test('no numbers have no spread', () => {
  expect(() => spread([])).toThrow(UsageError);
});

test('shares of time sum to one, the largest first', () => {
  const shares = timeShares([
    { op: 'gelu', calls: 4, seconds: 0.5 },
    { op: 'matmul', calls: 9, seconds: 1.5 },
  ]);
  expect(Object.entries(shares)).toEqual([
    ['matmul', 0.75],
    ['gelu', 0.25],
  ]);
  expect(timeShares([{ op: 'gelu', calls: 0, seconds: 0 }])).toEqual({});
});
