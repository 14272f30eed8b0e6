import { checkIndices } from '../../execution/indices.js';
import type { ReferenceKernel } from '../kernel.js';

export const scatterAdd: ReferenceKernel = {
  op: 'scatterAdd',
  run({ node, inputs: [x, indices], outputs: [table] }) {
    const [rows, features] = table!.shape as [number, number];
    checkIndices(node, 'index', indices!.data.subarray(0, x!.shape[0]), rows);
    const totals = new Float64Array(rows * features);
    for (let i = 0; i < x!.data.length; i++) {
      const row = indices!.data[Math.floor(i / features)]!;
      totals[row * features + (i % features)]! += x!.data[i]!;
    }
    table!.data.set(totals);
  },
};
