import { type CompressedRows, constant, type SparseMatrix, sparseMatrix } from '../../src/index.js';
import { draw } from './draw.js';

/** Where a matrix [rows, columns] has entries, about half of its places. */
function entriesOf(rows: number, columns: number, seed: number): [number, number, number][] {
  return [...draw(rows * columns, seed)].flatMap((value, i): [number, number, number][] =>
    value > 0 ? [[Math.floor(i / columns), i % columns, value]] : [],
  );
}

/** Compressed rows as constants of the graph that is being traced, with values or all ones. */
function compress(
  rows: number,
  columns: number,
  entries: readonly (readonly [number, number, number])[],
  valued: boolean,
): CompressedRows {
  const sorted = [...entries].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const pointers = Array.from(
    { length: rows + 1 },
    (_, line) => sorted.filter(([row]) => row < line).length,
  );
  return {
    rows,
    columns,
    rowPointers: constant(Int32Array.from(pointers)),
    columnIndices: constant(Int32Array.from(sorted, ([, column]) => column)),
    ...(valued ? { values: constant(Float32Array.from(sorted, ([, , value]) => value)) } : {}),
  };
}

/** A random sparse matrix and its transpose. */
export function sparseConstants(
  rows: number,
  columns: number,
  { seed = 1, valued = true }: { seed?: number; valued?: boolean } = {},
): SparseMatrix {
  const entries = entriesOf(rows, columns, seed);
  const turned = entries.map(([row, column, value]) => [column, row, value] as const);
  return sparseMatrix(
    compress(rows, columns, entries, valued),
    compress(columns, rows, turned, valued),
  );
}
