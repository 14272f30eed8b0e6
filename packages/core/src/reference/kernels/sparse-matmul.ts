import { checkIndices, checkRowPointers } from '../../execution/indices.js';
import type { ReferenceKernel } from '../kernel.js';

export const sparseMatmul: ReferenceKernel<{ readonly rows: number; readonly columns: number }> = {
  op: 'sparseMatmul',
  run({ node, inputs, outputs: [y], attributes: { rows, columns } }) {
    const [pointers, indices, x, values] = inputs;
    const features = x!.shape[1]!;
    checkRowPointers(node, pointers!.data, indices!.data.length);
    // Those behind the last row's are nobody's.
    checkIndices(node, 'column index', indices!.data.subarray(0, pointers!.data[rows]), columns);
    for (let row = 0; row < rows; row++)
      for (let f = 0; f < features; f++) {
        let total = 0;
        for (let entry = pointers!.data[row]!; entry < pointers!.data[row + 1]!; entry++) {
          const value = values ? values.data[entry]! : 1;
          total += value * x!.data[indices!.data[entry]! * features + f]!;
        }
        y!.data[row * features + f] = total;
      }
  },
};
