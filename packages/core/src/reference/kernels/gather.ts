import { checkIndices } from '../../execution/indices.js';
import type { ReferenceKernel } from '../kernel.js';

export const gather: ReferenceKernel = {
  op: 'gather',
  run({ node, inputs: [table, indices], outputs: [y] }) {
    const [rows, features] = table!.shape as [number, number];
    const used = indices!.data.subarray(0, y!.shape[0]);
    checkIndices(node, 'index', used, rows);
    for (let i = 0; i < y!.data.length; i++) {
      const row = used[Math.floor(i / features)]!;
      y!.data[i] = table!.data[row * features + (i % features)]!;
    }
  },
};
