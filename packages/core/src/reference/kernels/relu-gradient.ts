import type { ReferenceKernel } from '../kernel.js';

export const reluGradient: ReferenceKernel = {
  op: 'reluGradient',
  run({ inputs: [bits, dy], outputs: [dx] }) {
    for (let i = 0; i < dx!.data.length; i++) {
      const passes = (bits!.data[Math.floor(i / 32)]! >> (i % 32)) & 1;
      dx!.data[i] = passes ? dy!.data[i]! : 0;
    }
  },
};
