import type { DequantizeAttributes } from '../../ops/dequantize.js';
import { rotateRow, rotationSigns } from '../../quantization/rotation.js';
import { codedRow } from '../coded-row.js';
import { checkIndices } from '../indices.js';
import type { ReferenceKernel } from '../kernel.js';

export const dequantize: ReferenceKernel<DequantizeAttributes> = {
  op: 'dequantize',
  run({ node, inputs: [codes, ranges, ranks], outputs: [x], attributes }) {
    const { features, group, rotate } = attributes;
    const rows = x!.shape[0]!;
    if (ranks) checkIndices(node, 'rank', ranks.data, rows);
    const signs = rotationSigns(features);
    for (let row = 0; row < rows; row++) {
      const values = codedRow({ codes: codes!, ranges: ranges!, ranks }, attributes, row);
      if (rotate) rotateRow(values, signs, group, true);
      x!.data.set(values, row * features);
    }
  },
};
