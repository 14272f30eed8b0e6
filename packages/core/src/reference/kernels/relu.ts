import type { ReferenceKernel } from '../kernel.js';

export const relu: ReferenceKernel = {
  op: 'relu',
  run({ inputs: [x], outputs: [y, bits] }) {
    bits!.data.fill(0);
    for (let i = 0; i < y!.data.length; i++) {
      const value = x!.data[i]!;
      const word = Math.floor(i / 32);
      if (value > 0) bits!.data[word] = bits!.data[word]! | (1 << (i % 32));
      y!.data[i] = Math.max(value, 0);
    }
  },
};
