import { codedRows } from '../../execution/coded-row.js';
import type { DequantizeAttributes } from '../../ops/dequantize.js';
import { rotateRow, rotationSigns } from '../../quantization/rotation.js';
import type { ReferenceKernel } from '../kernel.js';

export const dequantize: ReferenceKernel<DequantizeAttributes> = {
  op: 'dequantize',
  run({ node, inputs, outputs: [x], attributes }) {
    const { features, group, rotate } = attributes;
    const rowOf = codedRows({ node, attributes }, inputs);
    const signs = rotationSigns(features);
    for (let row = 0; row < x!.shape[0]!; row++) {
      const values = rowOf(row);
      if (rotate) rotateRow(values, signs, group, true);
      x!.data.set(values, row * features);
    }
  },
};
