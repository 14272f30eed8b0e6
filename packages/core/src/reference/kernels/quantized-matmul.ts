import { codedRows } from '../../execution/coded-row.js';
import type { QuantizedMatmulAttributes } from '../../ops/quantized-matmul.js';
import type { ReferenceKernel } from '../kernel.js';

export const quantizedMatmul: ReferenceKernel<QuantizedMatmulAttributes> = {
  op: 'quantizedMatmul',
  run({ node, inputs: [y, ...quantized], outputs: [product], attributes }) {
    const { features } = attributes;
    const [rows, outputs] = y!.shape as [number, number];
    const rowOf = codedRows({ node, attributes }, quantized);
    const sums = new Float64Array(outputs * features);
    for (let row = 0; row < rows; row++) {
      const x = rowOf(row);
      for (let o = 0; o < outputs; o++) {
        const factor = y!.data[row * outputs + o]!;
        for (let f = 0; f < features; f++) sums[o * features + f]! += factor * x[f]!;
      }
    }
    product!.data.set(sums);
  },
};
