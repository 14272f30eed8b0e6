import { constant, type SparseMatrix, sparseMatmul, threefry2x32 } from '@sketchgrad/core';
import { between } from '../data.js';
import { named, type OperationCase } from './case.js';

/** Rows, columns, features. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [3, 5, 4],
  [7, 4, 9],
  [50, 33, 65],
  [4, 6, 0],
  [0, 3, 5],
  [40, 70, 130],
];

/**
 * A matrix with repeated columns and empty rows, shares of very different weight; or with so many
 * entries in each row.
 */
function randomMatrix(
  rows: number,
  columns: number,
  valued: boolean,
  each: number | undefined,
): SparseMatrix {
  const draw = (stream: number, i: number) => threefry2x32(11, 5, stream, i)[0] / 2 ** 32;
  const pointers = [0];
  for (let row = 0; row < rows; row++) {
    const drawn = row % 4 === 1 ? 0 : Math.floor(draw(0, row) * (row < 3 ? 40 : 9));
    pointers.push(pointers.at(-1)! + (each ?? drawn));
  }
  const count = pointers.at(-1)!;
  const indices = Int32Array.from({ length: count }, (_, i) => Math.floor(draw(1, i) * columns));
  const values = Float32Array.from({ length: count }, (_, i) => draw(2, i) * 4 - 2);
  return {
    rows,
    columns,
    rowPointers: constant(Int32Array.from(pointers)),
    columnIndices: constant(indices),
    ...(valued ? { values: constant(values) } : {}),
    transposed: () => {
      throw new Error('no gradient is taken in these cases');
    },
  };
}

/** Rows, columns, features; entries of a row. */
export const sparseAt = (
  [rows, columns, features]: readonly [number, number, number],
  each?: number,
): OperationCase[] =>
  [true, false].map(
    (valued): OperationCase => ({
      op: 'sparseMatmul',
      name: `${named([rows, columns], [columns, features])}${valued ? '' : ' of ones'}`,
      inputs: { x: between([columns, features]) },
      build: ({ x }) => {
        return [sparseMatmul(randomMatrix(rows, columns, valued, each), x!)];
      },
    }),
  );

export const sparseCases: readonly OperationCase[] = SIZES.flatMap((sizes) => sparseAt(sizes));
