import { checkStarts } from '../../execution/indices.js';
import type { ReferenceKernel } from '../kernel.js';

export const zeroRowsBehind: ReferenceKernel = {
  op: 'zeroRowsBehind',
  run({ node, inputs: [x, starts], outputs: [y] }) {
    const [rows, features] = x!.shape as [number, number];
    checkStarts(node, starts!.data, rows);
    y!.data.set(x!.data);
    y!.data.fill(0, starts!.data.at(-1)! * features);
  },
};
