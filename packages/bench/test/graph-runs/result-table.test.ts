import { expect, test } from 'vitest';
import { resultTable, tableRows } from '../../src/node/graph-runs/result-table.js';
import { handMade } from './hand-made.js';

const MIB = 2 ** 20;

/** A run with this score on `test`. */
const scored = (test: number, secondsPerEpoch: number | null, own = {}) =>
  handMade({ metrics: { valid: 0.99, test, validLoss: 3 }, secondsPerEpoch, ...own });

const sketched = {
  ...{ estimator: 'rmm', sketch: 'count', rate: 0.5, keep: { norm: 8 }, recompute: 'block' },
  ...{ keptBytes: MIB, linearKeptBytes: MIB / 2, plannedPeakBytes: 6 * MIB, everyLayer: true },
} as const;

const results = [
  scored(0.5, 0.5),
  scored(0.7, 0.25, sketched),
  scored(0.625, 0.125, { keptBytes: 5 * MIB, linearKeptBytes: 3 * MIB, plannedPeakBytes: 9 * MIB }),
  scored(0.8, 0.75, sketched),
  scored(0.6, 0.375),
  scored(0.25, null, { metric: 'micro-f1', estimator: 'rows', rowsBy: 'norm', rate: 0.1 }),
];

test('a row has the mean, the deviation with n − 1, the median and the most bytes of its runs', () => {
  const [dense, other, single, ...more] = tableRows(results);
  expect(more).toEqual([]);
  // 0.5, 0.625, 0.6: mean 0.575; squares 0.005625 + 0.0025 + 0.000625 = 0.00875, halved.
  expect(dense).toEqual({
    ...{ way: 'dense', runs: 3, metric: 'accuracy' },
    mean: expect.closeTo(0.575, 12),
    deviation: expect.closeTo(Math.sqrt(0.004375), 12),
    ...{ keptBytes: 5 * MIB, linearKeptBytes: 3 * MIB, plannedPeakBytes: 9 * MIB },
    secondsPerEpoch: 0.375,
  });
  // Of an even count the middle is between the two: 0.25 and 0.75.
  expect(other).toEqual({
    ...{ way: 'rmm:count:0.5 every-layer norm=8 block', runs: 2, metric: 'accuracy' },
    mean: expect.closeTo(0.75, 12),
    deviation: expect.closeTo(Math.sqrt(0.005), 12),
    ...{ keptBytes: MIB, linearKeptBytes: MIB / 2, plannedPeakBytes: 6 * MIB },
    secondsPerEpoch: 0.5,
  });
  expect(single).toMatchObject({
    ...{ way: 'rows:norm:0.1', runs: 1, metric: 'micro-f1', mean: 0.25 },
    ...{ deviation: null, secondsPerEpoch: null },
  });
});

test('the table shows per cent, bytes and seconds, and ratios to the first row', () => {
  const lines = resultTable(tableRows(results))
    .split('\n')
    .map((line) => line.replace(/[│─┌┐└┘├┤┬┴┼]/g, ' ').trim())
    .filter(Boolean)
    .map((line) => line.split(/\s{2,}/));
  expect(lines).toEqual([
    [
      ...['way', 'test accuracy, %', 'runs', 'kept', 'by linear layers', 'planned peak'],
      'seconds an epoch',
    ],
    ['dense', '57.50 ± 6.61', '3', '5.00 MiB', '3.00 MiB', '9.00 MiB', '0.375'],
    [
      ...['rmm:count:0.5 every-layer norm=8 block', '75.00 ± 7.07', '2'],
      ...['1.00 MiB', '0.20 ×', '512 KiB', '0.17 ×', '6.00 MiB', '0.67 ×', '0.500', '1.33 ×'],
    ],
    [
      ...['rows:norm:0.1', '25.00', '1', '4.00 MiB', '0.80 ×', '2.00 MiB', '0.67 ×'],
      ...['8.00 MiB', '0.89 ×', 'unknown'],
    ],
  ]);
});
