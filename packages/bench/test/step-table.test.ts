import { expect, test } from 'vitest';
import { stepTable } from '../src/command-line/step-table.js';

const MIB = 2 ** 20;
const dense = {
  ...({ estimator: 'dense', sketch: null, rate: null } as const),
  secondsPerStep: { min: 0.25, median: 0.5, max: 2 },
  ...{ plannedPeakBytes: 8 * MIB, measuredPeakBytes: 4 * MIB, residentPeakBytes: null },
  ...{ keptBytes: 2 * MIB, time: { matmul: 0.75, gelu: 0.25 } },
} as const;
const sketched = {
  ...{ ...dense, residentPeakBytes: 16 * MIB },
  ...({ estimator: 'rmm', sketch: 'count', rate: 0.1 } as const),
  secondsPerStep: { min: 0.125, median: 0.375, max: 1 },
  ...{ plannedPeakBytes: 6 * MIB, measuredPeakBytes: MIB, keptBytes: MIB / 2 },
  time: { matmul: 0.4, a: 0.2, b: 0.15, c: 0.125, d: 0.1, e: 0.015, f: 0.01 },
} as const;

const cells = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/[│─┌┐└┘├┤┬┴┼]/g, ' ').trim())
    .filter(Boolean)
    .map((line) => line.split(/\s{2,}/));

test('a table of steps has medians, spreads, bytes and ratios to the first', () => {
  expect(cells(stepTable([dense, sketched]))).toEqual([
    ['estimator', 'seconds a step', 'planned peak', 'measured peak', 'resident', 'kept'],
    ['dense', '0.500 (0.250 to 2.000)', '8.00 MiB', '4.00 MiB', 'unknown', '2.00 MiB'],
    [
      ...['rmm:count:0.1', '0.375 (0.125 to 1.000)', '0.75 ×', '6.00 MiB', '0.75 ×'],
      ...['1.00 MiB', '0.25 ×', '16.0 MiB', '512 KiB', '0.25 ×'],
    ],
    ['time of dense: matmul 75.0 %, gelu 25.0 %'],
    // Six of its seven ops.
    ['time of rmm:count:0.1: matmul 40.0 %, a 20.0 %, b 15.0 %, c 12.5 %, d 10.0 %, e 1.5 %'],
  ]);
});

test('a table has no resident memory where it is not wanted, and names of its own', () => {
  const rows = [{ ...dense, way: 'dense block' }];
  expect(cells(stepTable(rows, { resident: false, name: ({ way }) => way }))).toEqual([
    ['estimator', 'seconds a step', 'planned peak', 'measured peak', 'kept'],
    ['dense block', '0.500 (0.250 to 2.000)', '8.00 MiB', '4.00 MiB', '2.00 MiB'],
    ['time of dense block: matmul 75.0 %, gelu 25.0 %'],
  ]);
});
