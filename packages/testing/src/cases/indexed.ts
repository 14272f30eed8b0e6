import { gather, scatterAdd } from '@sketchgrad/core';
import { between, indices } from '../data.js';
import { named, type OperationCase } from './case.js';

/** Rows and features of the table, how many indices. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [5, 3, 4],
  [3, 4, 20],
  [7, 33, 9],
  [50, 65, 130],
  [4, 3, 0],
];

/** A table's rows and features, how many indices. */
export const indexedAt = ([rows, features, count]: readonly [
  number,
  number,
  number,
]): OperationCase[] => [
  {
    op: 'gather',
    name: `${count} of ${named([rows, features])}`,
    inputs: { table: between([rows, features]), at: indices([count], rows) },
    build: ({ table, at }) => [gather(table!, at!)],
  },
  {
    op: 'scatterAdd',
    name: `${count} into ${named([rows, features])}`,
    inputs: { x: between([count, features]), at: indices([count], rows) },
    build: ({ x, at }) => [scatterAdd(x!, at!, rows)],
  },
];

export const indexedCases: readonly OperationCase[] = SIZES.flatMap(indexedAt);
