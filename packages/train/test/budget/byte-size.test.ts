import { UsageError } from '@sketchgrad/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byteSize } from '../../src/index.js';

it.each<[string | number, number]>([
  ['600MB', 600_000_000],
  ['1.5GiB', 1.5 * 2 ** 30],
  [' 64 kib ', 65_536],
  ['.5kB', 500],
  ['1b', 1],
  [4096, 4096],
])('%s', (text, bytes) => {
  expect(byteSize(text)).toBe(bytes);
});

it.each([
  ...['600', '', 'MB', '-1MB', '+1MB', '1.MB', '1e3MB', '0GB', '0.5B', '1 XB', '1MBs', '1 000MB'],
  ...['NaNMB', 'InfinityGB', '9999999TB', '1,5GiB'],
  ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 0.5],
])('%s is refused with what is accepted', (text) => {
  expect(() => byteSize(text)).toThrow(UsageError);
  expect(() => byteSize(text)).toThrow(/accepted: .* kB, MB, GB, .* such as 600MB or 1\.5GiB/);
});

it('gives a number of bytes or refuses, whatever is typed', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123.-kKMGTiB ') }), (text) => {
      try {
        expect(byteSize(text)).toBeGreaterThanOrEqual(1);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
      }
    }),
  );
});
