import type { ReferenceKernel } from '../kernel.js';

export const squaredNorm: ReferenceKernel = {
  op: 'squaredNorm',
  run({ inputs: [x], outputs: [y] }) {
    let total = 0;
    for (let i = 0; i < x!.data.length; i++) total += x!.data[i]! ** 2;
    y!.data[0] = total;
  },
};
