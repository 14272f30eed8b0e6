import { newKey, sampleRows, uniformRows, type Value, winnerRows } from '@sketchgrad/core';
import { between, type Drawn, exactly, keyOf } from '../data.js';
import type { OperationCase } from './case.js';

const repeated = (rows: number, weight: (row: number) => number): Drawn =>
  exactly(
    [rows],
    Array.from({ length: rows }, (_, row) => weight(row)),
  );

/** Weights to draw by: alike, all 0, most of them 0, spread over many powers, ties, at random. */
const WEIGHTS: readonly (readonly [name: string, weights: Drawn])[] = [
  ['one row', exactly([1], [3])],
  ['one row of weight 0', exactly([1], [0])],
  ['equal', repeated(37, () => 0.1)],
  ['all 0', repeated(19, () => 0)],
  ['the last alone not 0', repeated(20, (row) => (row === 19 ? 2 : 0))],
  ['the first alone not 0', repeated(20, (row) => (row === 0 ? 2 : 0))],
  ['of many sizes', repeated(40, (row) => 10 ** (((row * 7) % 40) - 20))],
  ['with ties', repeated(33, (row) => row % 4)],
  ['at random', between([1000], 0, 1)],
];

type Draw = (weights: Value, options: { count: number; key: ReturnType<typeof newKey> }) => Value[];

const weightedAt = (
  op: string,
  draw: Draw,
  [name, weights]: readonly [string, Drawn],
  count: number,
): OperationCase => ({
  op,
  name: `${count} by weights ${name}`,
  inputs: { weights, key: keyOf(11, count) },
  build: ({ weights, key }) => draw(weights!, { count, key: newKey(key!) }),
});

const weighted = (op: string, draw: Draw, fits: (count: number, rows: number) => boolean) =>
  WEIGHTS.flatMap(([name, weights]) =>
    [1, 2, 7, 19, 33, 150, 1000]
      .filter((count) => fits(count, weights.shape[0]!))
      .map((count) => weightedAt(op, draw, [name, weights], count)),
  );

const uniformAt = (rows: number, count: number): OperationCase[] =>
  [true, false].map(
    (replacement): OperationCase => ({
      op: 'uniformRows',
      name: `${count} of ${rows}, ${replacement ? 'any again' : 'none twice'}`,
      inputs: { key: keyOf(-5, 3) },
      build: ({ key }) => [uniformRows(rows, { count, replacement, key: newKey(key!) })],
    }),
  );

/** By weights at random, and all alike. */
export const drawnRowsAt = (rows: number, count: number): OperationCase[] => [
  weightedAt('sampleRows', sampleRows, [`of ${rows} rows`, between([rows], 0, 1)], count),
  weightedAt('winnerRows', winnerRows, [`of ${rows} rows`, between([rows], 0, 1)], count),
  ...uniformAt(rows, count),
];

const UNIFORM = [
  [1, 1],
  [2, 2],
  [40, 16],
  [40, 17],
  [1000, 1000],
  [1000, 10],
] as const;

export const drawnRowsCases: readonly OperationCase[] = [
  ...weighted('sampleRows', sampleRows, (count, rows) => count <= 3 * rows),
  ...weighted('winnerRows', winnerRows, (count, rows) => count <= rows),
  ...UNIFORM.flatMap(([rows, count]) => uniformAt(rows, count)),
];
