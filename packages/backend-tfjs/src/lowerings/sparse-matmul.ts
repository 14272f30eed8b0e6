import type { TensorData } from '@sketchgrad/core';
import { checkIndices, checkRowPointers } from '@sketchgrad/core/backend';
import type { Lowering } from '../lowering.js';

type Attributes = { readonly rows: number; readonly columns: number };

/**
 * On the host, row by row: TensorFlow.js has no product of a sparse matrix, and what it could be made of,
 * gathered rows of x, would take a row for every entry.
 */
export const sparseMatmul: Lowering<Attributes> = {
  op: 'sparseMatmul',
  lower([pointers, indices, x, values], node, { check, read, upload }) {
    const { rows, columns } = node.attributes;
    const features = x!.shape[1]!;
    const starts = read(pointers!);
    check(pointers!, `row pointers of ${indices!.shape[0]}`, (data) =>
      checkRowPointers(node, data, indices!.shape[0]!),
    );
    // Those behind the last row's are nobody's.
    check(indices!, `${starts[rows]} columns of ${columns}`, (data) =>
      checkIndices(node, 'column index', data.subarray(0, starts[rows]), columns),
    );
    const entries = { starts, indices: read(indices!), values: values && read(values) };
    const y = new Float32Array(rows * features);
    const dense = read(x!);
    for (let row = 0; row < rows; row++) addRow(row, entries, dense, y, features);
    return [upload(y, [rows, features])];
  },
};

interface Entries {
  readonly starts: TensorData;
  readonly indices: TensorData;
  readonly values: TensorData | undefined;
}

function addRow(
  row: number,
  { starts, indices, values }: Entries,
  x: TensorData,
  y: Float32Array,
  features: number,
): void {
  const to = row * features;
  for (let entry = starts[row]!; entry < starts[row + 1]!; entry++) {
    const value = values ? values[entry]! : 1;
    const from = indices[entry]! * features;
    for (let f = 0; f < features; f++) y[to + f]! += value * x[from + f]!;
  }
}
