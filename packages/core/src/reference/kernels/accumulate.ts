import type { ReferenceKernel } from '../kernel.js';

export const accumulate: ReferenceKernel = {
  op: 'accumulate',
  run({ inputs: [, x], outputs: [total] }) {
    for (let i = 0; i < total!.data.length; i++) total!.data[i]! += x!.data[i]!;
  },
};
