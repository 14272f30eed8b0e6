import { checkSize, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { checkValue } from '../graph/arguments.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';

/**
 * A sparse matrix in compressed rows (CSR): row i holds the entries from rowPointers[i] up to
 * rowPointers[i + 1]. Its structure is data of the graph, inputs or constants that all layers share;
 * gradients do not reach it.
 */
export interface CompressedRows {
  readonly rows: number;
  readonly columns: number;
  /** i32 [rows + 1], rising from 0 to at most the number of entries: those behind are nobody's. */
  readonly rowPointers: Value;
  /** i32 [entries], each in [0, columns). */
  readonly columnIndices: Value;
  /** f32 [entries]; ones unless given. */
  readonly values?: Value;
}

/** Compressed rows and those of the transpose, which gradients are multiplied by. */
export interface SparseMatrix extends CompressedRows {
  readonly transposed: () => SparseMatrix;
}

/**
 * A sparse matrix of its parts.
 *
 * @param transpose the compressed rows of the transpose, or `symmetric` for a matrix that is its own
 * @throws UsageError for other parts; ShapeError when sizes do not fit, or a symmetric matrix is not square
 */
export function sparseMatrix(
  parts: CompressedRows,
  transpose: CompressedRows | 'symmetric',
): SparseMatrix {
  checkParts('parts', parts);
  if (transpose === 'symmetric') {
    if (parts.rows !== parts.columns)
      throw new ShapeError(
        `[${parts.rows}, ${parts.columns}] cannot be symmetric: it is not square`,
      );
    const matrix: SparseMatrix = { ...parts, transposed: () => matrix };
    return matrix;
  }
  checkParts('transpose', transpose);
  const entries = ({ columnIndices }: CompressedRows) => columnIndices.shape[0];
  if (
    transpose.rows !== parts.columns ||
    transpose.columns !== parts.rows ||
    entries(transpose) !== entries(parts)
  )
    throw new ShapeError(
      `[${transpose.rows}, ${transpose.columns}] with ${entries(transpose)} entries is not the transpose of [${parts.rows}, ${parts.columns}] with ${entries(parts)}`,
    );
  const matrix: SparseMatrix = { ...parts, transposed: () => other };
  const other: SparseMatrix = { ...transpose, transposed: () => matrix };
  return matrix;
}

function checkParts(name: string, parts: CompressedRows): void {
  checkOptions<CompressedRows & Partial<SparseMatrix>>(`sparseMatrix's ${name}`, parts, {
    rows: checkSize,
    columns: checkSize,
    rowPointers: checkValue,
    columnIndices: checkValue,
    values: optional(checkValue),
    // Of a matrix that was made before.
    transposed: true,
  });
  const { rows, rowPointers, columnIndices, values } = parts;
  expectType('rowPointers', rowPointers, 'i32', 1);
  expectShape('rowPointers', rowPointers, [rows + 1]);
  expectType('columnIndices', columnIndices, 'i32', 1);
  if (values === undefined) return;
  expectType('values', values, 'f32', 1);
  expectShape('values', values, columnIndices.shape);
}
