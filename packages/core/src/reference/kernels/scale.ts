import type { ReferenceKernel } from '../kernel.js';

export const scale: ReferenceKernel<{ readonly factor: number }> = {
  op: 'scale',
  run({ inputs: [x], outputs: [y], attributes: { factor } }) {
    for (let i = 0; i < y!.data.length; i++) y!.data[i] = x!.data[i]! * factor;
  },
};
