import { rowCoder } from '../../execution/coded-row.js';
import type { QuantizeAttributes } from '../../ops/quantize.js';
import type { ReferenceKernel } from '../kernel.js';

export const quantize: ReferenceKernel<QuantizeAttributes> = {
  op: 'quantize',
  run({ node, inputs: [x, key, ranks], outputs: [codes, ranges], attributes }) {
    const [rows, features] = x!.shape as [number, number];
    const coded = { key: key!.data, ranks: ranks?.data, codes: codes!.data, ranges: ranges! };
    const codeRow = rowCoder({ node, attributes }, features, coded);
    for (let row = 0; row < rows; row++)
      codeRow(row, x!.data.subarray(row * features, (row + 1) * features));
  },
};
