import { refusedIndex, refusedRowPointer } from '@sketchgrad/core/backend';
import * as kernels from '../kernels/sparse-matmul/kernel.js';
import { dispatch, type Lowering } from '../lowering.js';

export const sparseMatmul: Lowering<{ readonly rows: number; readonly columns: number }> = {
  op: 'sparseMatmul',
  lower(node) {
    const { inputs, outputs, attributes } = node;
    const [pointers, columns, x, values] = inputs;
    const { rows, columns: size } = attributes;
    const entries = columns!.shape[0]!;
    const features = x!.shape[1]!;
    const tiles = Math.ceil(features / kernels.FEATURES);
    return [
      {
        ...{ check: 'rising', of: pointers!, count: rows + 1 },
        ...{ limits: [entries, entries, 0], refuse: refusedRowPointer(node, entries) },
      },
      {
        ...{ check: 'indices', of: columns!, count: entries, limits: [size] },
        // Those behind the last row's are nobody's.
        ...{ used: { starts: pointers, last: rows } },
        refuse: refusedIndex(node, 'column index', size),
      },
      dispatch(kernels.sparseMatmul, {
        operands: { pointers, columns, x, values, y: outputs[0] },
        uniforms: { tiles, features, size, entries, valued: Number(values !== undefined) },
        groups: rows * tiles,
      }),
    ];
  },
};
