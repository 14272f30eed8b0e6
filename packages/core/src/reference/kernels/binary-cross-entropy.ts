import type { ReferenceKernel } from '../kernel.js';

export const binaryCrossEntropy: ReferenceKernel = {
  op: 'binaryCrossEntropy',
  run({ inputs: [logits, targets], outputs: [loss] }) {
    let total = 0;
    for (let i = 0; i < logits!.data.length; i++) {
      const z = logits!.data[i]!;
      total += Math.max(z, 0) - z * targets!.data[i]! + Math.log1p(Math.exp(-Math.abs(z)));
    }
    loss!.data[0] = total / logits!.data.length;
  },
};
