import { broadcastIndices } from '../element-wise.js';
import type { ReferenceKernel } from '../kernel.js';

export const broadcastTo: ReferenceKernel = {
  op: 'broadcastTo',
  run({ inputs: [x], outputs: [y] }) {
    const from = broadcastIndices(x!.shape, y!.shape);
    for (let i = 0; i < y!.data.length; i++) y!.data[i] = x!.data[from ? from[i]! : i]!;
  },
};
