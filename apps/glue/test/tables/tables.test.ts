import {
  choiceTable,
  formatMetrics,
  formatTaskResult,
  type TaskRunResult,
} from '@sketchgrad/bench/node';
import { expect, test } from 'vitest';
import { type CompareResult, compareTable } from '../../src/commands/compare.js';
import { demoTable } from '../../src/commands/demo.js';
import { memoryTable } from '../../src/commands/memory.js';
import type { MemoryRow } from '../../src/memory/measure.js';
import { cells } from './lines.js';

const MIB = 2 ** 20;
const dense = { estimator: 'dense', sketch: null, rate: null } as const;
const sketched = { estimator: 'rmm', sketch: 'gaussian', rate: 0.1 } as const;

const result: TaskRunResult = {
  ...dense,
  ...{ task: 'mrpc', model: 'minilm', backend: 'cpu', keep: {}, seed: 0, steps: 63 },
  metrics: { accuracy: 0.8, f1: 0.87654 },
  loss: [2.5, 1.23456],
  ...{ secondsPerStep: 0.5, meanSecondsPerStep: 0.6 },
  ...{ plannedPeakBytes: 8 * MIB, measuredPeakBytes: 6 * MIB },
  ...{ processPeakBytes: 90 * MIB, keptBytes: 4 * MIB, executables: 9, emptyRows: 0.04321 },
};

test('a result says its scores, its losses, its time and its bytes', () => {
  expect(formatMetrics(result.metrics)).toBe('accuracy 0.8000, f1 0.8765');
  expect(formatTaskResult(result).split('\n')).toEqual([
    'mrpc, minilm, dense, backend cpu: accuracy 0.8000, f1 0.8765',
    'loss by epoch: 2.5000, 1.2346',
    '63 steps of 0.500 s; peak of a step 8.00 MiB planned, 6.00 MiB measured; of the whole process 90.0 MiB resident; 4.00 MiB kept for the backward pass',
    "9 graphs compiled; 4.3 % of the batches' rows empty",
  ]);
  const resumed = { ...result, ...sketched, keep: { gelu: 3 }, secondsPerStep: null } as const;
  expect(formatTaskResult(resumed)).toContain('rmm:gaussian:0.1, keep gelu=3, backend cpu');
  expect(formatTaskResult(resumed)).toContain('\n63 steps; peak of a step 8.00 MiB planned');
});

test("the demo's table has ratios to dense", () => {
  const other: TaskRunResult = {
    ...{ ...result, ...sketched, metrics: { accuracy: 0.6 }, secondsPerStep: 0.375 },
    ...{ plannedPeakBytes: 6 * MIB, measuredPeakBytes: 3 * MIB, keptBytes: MIB },
  };
  expect(cells(demoTable([result, other]))).toEqual([
    [
      ...['linear layers', 'accuracy', 'planned peak', 'measured peak', 'kept for backward'],
      'seconds a step',
    ],
    ['dense', '0.800', '8.00 MiB', '6.00 MiB', '4.00 MiB', '0.500'],
    [
      ...['rmm:gaussian:0.1', '0.600', '0.75 ×', '6.00 MiB', '0.75 ×', '3.00 MiB', '0.50 ×'],
      ...['1.00 MiB', '0.25 ×', '0.375', '0.75 ×'],
    ],
  ]);
});

test("compare's table has bytes, medians and noise", () => {
  const way: CompareResult = {
    ...{ ...dense, way: 'dense', keep: {}, recompute: 'cheap', time: {} },
    secondsPerStep: { min: 0.25, median: 0.5, max: 2 },
    ...{ plannedPeakBytes: 8 * MIB, measuredPeakBytes: 7 * MIB, keptBytes: 4 * MIB },
    ...{ addedNoise: 0, relativeError: 0 },
  };
  const rows: CompareResult[] = [
    way,
    {
      ...{ ...way, ...sketched, way: 'rmm:gaussian:0.1 block', recompute: 'block' },
      ...{
        plannedPeakBytes: 2 * MIB,
        keptBytes: 3 * MIB,
        addedNoise: 1.625,
        relativeError: 0.1234,
      },
      secondsPerStep: { min: 0.5, median: 0.75, max: 1 },
    },
    { ...way, way: 'dense none', recompute: 'none', addedNoise: null, relativeError: null },
  ];
  expect(cells(compareTable(rows))).toEqual([
    ['way', 'kept', 'peak', 'seconds a step', 'added noise / D²_SGD by example', 'relative error'],
    ['dense', '4.00 MiB', '8.00 MiB', '0.500', '0.00', '0.00'],
    [
      ...['rmm:gaussian:0.1 block', '3.00 MiB', '0.75 ×', '2.00 MiB', '0.25 ×'],
      ...['0.750', '1.50 ×', '1.63', '0.123'],
    ],
    [
      ...['dense none', '4.00 MiB', '1.00 ×', '8.00 MiB', '1.00 ×', '0.500', '1.00 ×'],
      ...['unknown', 'unknown'],
    ],
  ]);
});

test("memory's table has ratios, means and GFLOP", () => {
  const row: MemoryRow = {
    ...{ ...dense, task: 'cola', split: 'train', batchSize: 128, way: 'dense none' },
    ...{ rows: 4096, longest: 42 },
    ...{ recompute: 'none', keep: {}, keptBytes: 4 * MIB, meanKeptBytes: 3 * MIB },
    ...{ peakBytes: 8 * MIB, keptRatio: 1, peakRatio: 1, extraFlops: 0 },
  };
  const other: MemoryRow = {
    ...{ ...row, ...sketched, task: null, split: null, way: 'rmm:gaussian:0.1' },
    ...{ keptBytes: MIB, meanKeptBytes: MIB / 2, keptRatio: 0.25, peakRatio: 0.625 },
    ...{ peakBytes: 5 * MIB, extraFlops: 2.25e9 },
  };
  expect(cells(memoryTable([row, other]))).toEqual([
    ['batches', 'way', 'kept', 'on average', 'peak', 'extra GFLOP'],
    [
      ...['cola 128 of 4096 rows', 'dense none', '4.00 MiB', '1.00 ×', '3.00 MiB', '8.00 MiB'],
      ...['1.00 ×', '0.0'],
    ],
    [
      ...[
        '128 of 4096 rows',
        'rmm:gaussian:0.1',
        '1.00 MiB',
        '0.25 ×',
        '512 KiB',
        '5.00 MiB',
        '0.63 ×',
      ],
      '2.3',
    ],
  ]);
});

test("a choice's table has each layer's share, and that of all of them", () => {
  const exact = (variance: number) => ({ variance, varianceError: 0 });
  const choice = {
    layers: [
      { layer: 'a', estimator: 'dense', addedBytes: 1024.4, ...exact(0), dSgd2ByExample: 3 },
      { layer: 'b', estimator: 'rmm:count:0.5', addedBytes: MIB, ...exact(0.5), dSgd2ByExample: 4 },
      { layer: 'c', estimator: 'dense', addedBytes: 0, ...exact(0), dSgd2ByExample: 0 },
    ],
    ...{ keptBytes: 2 * MIB, peakBytes: 3 * MIB, ...exact(0.5), dSgd2ByExample: 8 },
  };
  const text = choiceTable(choice);
  expect(cells(text)).toEqual([
    ['layer', 'estimator', 'adds', 'variance', 'share of D²_SGD by example'],
    ['a', 'dense', '1.00 KiB', '0.00', '0.00'],
    ['b', 'rmm:count:0.5', '1.00 MiB', '0.500', '0.125'],
    ['c', 'dense', '0 B', '0.00'],
    ['planned peak of a step 3.00 MiB, 2.00 MiB kept; added variance 0.0625 of D²_SGD by example'],
  ]);
  const drawn = { ...choice.layers[1]!, estimator: 'exact:1', varianceError: 0.0125 };
  const lines = cells(choiceTable({ ...choice, layers: [drawn], varianceError: 0.025 }));
  expect(lines[1]).toEqual(['b', 'exact:1', '1.00 MiB', '0.500 ± 0.01', '0.125']);
  expect(lines.at(-1)![0]).toMatch(
    /added variance 0.0625 of D²_SGD by example, ± 0.00313, .* over draws$/,
  );
});
