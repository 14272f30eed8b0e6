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
 * entries in each row. Entries behind the last row's are of no column, and no numbers.
 */
function randomMatrix(
  rows: number,
  columns: number,
  valued: boolean,
  each: number | undefined,
  spare: number,
): SparseMatrix {
  const draw = (stream: number, i: number) => threefry2x32(11, 5, stream, i)[0] / 2 ** 32;
  const pointers = [0];
  for (let row = 0; row < rows; row++) {
    const drawn = row % 4 === 1 ? 0 : Math.floor(draw(0, row) * (row < 3 ? 40 : 9));
    pointers.push(pointers.at(-1)! + (each ?? drawn));
  }
  const used = pointers.at(-1)!;
  const count = used + spare;
  const indices = Int32Array.from({ length: count }, (_, i) =>
    i < used ? Math.floor(draw(1, i) * columns) : columns + i,
  );
  const values = Float32Array.from({ length: count }, (_, i) =>
    i < used ? draw(2, i) * 4 - 2 : Number.NaN,
  );
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

/** Rows, columns, features; entries of a row, and those behind the last row's. */
export const sparseAt = (
  [rows, columns, features]: readonly [number, number, number],
  each?: number,
  spare = 0,
): OperationCase[] =>
  [true, false].map(
    (valued): OperationCase => ({
      op: 'sparseMatmul',
      name: `${named([rows, columns], [columns, features])}${valued ? '' : ' of ones'}${spare > 0 ? `, ${spare} spare entries` : ''}`,
      inputs: { x: between([columns, features]) },
      build: ({ x }) => {
        return [sparseMatmul(randomMatrix(rows, columns, valued, each, spare), x!)];
      },
    }),
  );

export const sparseCases: readonly OperationCase[] = [
  ...SIZES.flatMap((sizes) => sparseAt(sizes)),
  ...sparseAt([7, 4, 9], undefined, 5),
  ...sparseAt([0, 3, 5], undefined, 2),
];
