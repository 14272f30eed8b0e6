import { gather, scatterAdd } from '@sketchgrad/core';
import { between, type Drawn, indices } from '../data.js';
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

const behind = (spare: number): string => (spare === 0 ? '' : `, ${spare} indices behind them`);

/** Indices of rows, and behind them some that are no row's. */
function indicesAnd(spare: number, count: number, rows: number): Drawn {
  const inside = indices([count], rows);
  return {
    shape: [count + spare],
    dtype: 'i32',
    draw: (seed) => Int32Array.of(...inside.draw(seed), ...new Array<number>(spare).fill(rows)),
  };
}

/** A table's rows and features, how many indices, and how many of those do not count. */
export const indexedAt = (
  [rows, features, count]: readonly [number, number, number],
  spare = 0,
): OperationCase[] => [
  {
    op: 'gather',
    name: `${count} of ${named([rows, features])}${behind(spare)}`,
    inputs: { table: between([rows, features]), at: indicesAnd(spare, count, rows) },
    build: ({ table, at }) => [gather(table!, at!, spare > 0 ? { count } : {})],
  },
  {
    op: 'scatterAdd',
    name: `${count} into ${named([rows, features])}${behind(spare)}`,
    inputs: { x: between([count, features]), at: indicesAnd(spare, count, rows) },
    build: ({ x, at }) => [scatterAdd(x!, at!, rows)],
  },
];

export const indexedCases: readonly OperationCase[] = [
  ...SIZES.flatMap((size) => indexedAt(size)),
  ...indexedAt([5, 3, 4], 1),
  ...indexedAt([7, 33, 9], 5),
  ...indexedAt([4, 3, 0], 2),
];
