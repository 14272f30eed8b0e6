import { dropoutFactor } from '../../random/dropout-mask.js';
import type { ReferenceKernel } from '../kernel.js';

export const dropout: ReferenceKernel<{ readonly threshold: number; readonly stream: number }> = {
  op: 'dropout',
  run({ inputs: [x, key], outputs: [y], attributes: { threshold, stream } }) {
    const factor = dropoutFactor(key!, stream, threshold);
    for (let i = 0; i < y!.data.length; i++) y!.data[i] = x!.data[i]! * factor(i);
  },
};
