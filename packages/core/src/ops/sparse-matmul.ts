import { checkSparseMatrix } from '../checks/kinds.js';
import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';
import type { SparseMatrix } from './sparse-matrix.js';

type Attributes = {
  readonly rows: number;
  readonly columns: number;
  /** The matrix on the other side, which the vjp multiplies by. */
  readonly transposed: () => SparseMatrix;
};

const build = defineOp<Attributes>({
  name: 'sparseMatmul',
  infer: ([rowPointers, columnIndices, x, values], { rows, columns }) => {
    expectType('rowPointers', rowPointers!, 'i32', 1);
    expectShape('rowPointers', rowPointers!, [rows + 1]);
    expectType('columnIndices', columnIndices!, 'i32', 1);
    expectType('x', x!, 'f32', 2);
    if (x!.shape[0] !== columns)
      throw new ShapeError(`x has ${x!.shape[0]} rows, the matrix ${columns} columns`);
    if (values) expectShape('values', values, columnIndices!.shape);
    return [{ shape: [rows, x!.shape[1]!], dtype: 'f32' }];
  },
  // x itself is not needed: d(A x)ᵀ dy = Aᵀ dy.
  vjp: (_, __, [dy], { transposed }) => [undefined, undefined, sparseMatmul(transposed(), dy!)],
  flops: ([, columnIndices, x, values]) =>
    (values ? 2 : 1) * columnIndices!.shape[0]! * x!.shape[1]!,
});

/**
 * A sparse matrix times a dense one, y = A · x, each row summed in the order of its entries. Entries
 * behind the last row's are nobody's, whatever they hold. A run fails with a BackendError for row
 * pointers that do not rise from 0 to at most the number of entries and for a row's column index
 * outside [0, columns).
 *
 * @param x f32 [columns, features]
 * @returns f32 [rows, features]
 * @throws ShapeError when sizes do not fit
 */
export function sparseMatmul(matrix: SparseMatrix, x: Value): Value {
  checkSparseMatrix('the matrix', matrix);
  const { rows, columns, rowPointers, columnIndices, values, transposed } = matrix;
  const inputs = [rowPointers, columnIndices, x, ...(values ? [values] : [])];
  return build(inputs, { rows, columns, transposed })[0]!;
}
