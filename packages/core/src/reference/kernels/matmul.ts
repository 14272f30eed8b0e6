import { matmulSizes } from '../../ops/matmul.js';
import type { ReferenceKernel } from '../kernel.js';

export const matmul: ReferenceKernel<{
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}> = {
  op: 'matmul',
  run({ node, inputs: [a, b], outputs: [c], attributes }) {
    const [m, k, n] = matmulSizes(node.inputs, attributes);
    const [aRow, aColumn] = attributes.transposeA ? [1, m] : [k, 1];
    const [bRow, bColumn] = attributes.transposeB ? [1, k] : [n, 1];
    const row = new Float64Array(n);
    for (let i = 0; i < m; i++) {
      row.fill(0);
      for (let l = 0; l < k; l++) {
        const factor = a!.data[i * aRow + l * aColumn]!;
        for (let j = 0; j < n; j++) row[j]! += factor * b!.data[l * bRow + j * bColumn]!;
      }
      c!.data.set(row, i * n);
    }
  },
};
