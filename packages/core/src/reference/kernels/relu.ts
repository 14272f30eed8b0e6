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

export const reluGradient: ReferenceKernel = {
  op: 'reluGradient',
  run({ inputs: [bits, dy], outputs: [dx] }) {
    for (let i = 0; i < dx!.data.length; i++) {
      const passes = (bits!.data[Math.floor(i / 32)]! >> (i % 32)) & 1;
      dx!.data[i] = passes ? dy!.data[i]! : 0;
    }
  },
};
