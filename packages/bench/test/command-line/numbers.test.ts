import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { positiveNumber, wholeNumber } from '../../src/command-line/options/numbers.js';
import { formatDuration } from '../../src/node/runs/duration.js';

test('whole numbers within their bounds are read, and nothing else', () => {
  const parse = wholeNumber(1, 100);
  fc.assert(
    fc.property(fc.integer({ min: -50, max: 200 }), (value) => {
      if (value >= 1 && value <= 100) expect(parse(String(value))).toBe(value);
      else expect(() => parse(String(value))).toThrow(InvalidArgumentError);
    }),
  );
  for (const text of ['', ' ', '1.0', '1e1', '0x10', '+1', 'one', 'NaN', 'Infinity'])
    expect(() => parse(text)).toThrow(InvalidArgumentError);
});

test('numbers above 0 are read, and nothing else', () => {
  const parse = positiveNumber(1);
  fc.assert(
    fc.property(fc.double(), (value) => {
      if (value > 0 && value <= 1) expect(parse(String(value))).toBe(value);
      else expect(() => parse(String(value))).toThrow(InvalidArgumentError);
    }),
  );
  for (const text of ['', ' ', 'x', '0', '1,5'])
    expect(() => parse(text)).toThrow(InvalidArgumentError);
});

test('durations are minutes and seconds, with hours where there are any', () => {
  expect([0, 5.4, 59.6, 65, 3599.7, 3661].map(formatDuration)).toEqual([
    '0:00',
    '0:05',
    '1:00',
    '1:05',
    '1:00:00',
    '1:01:01',
  ]);
});
