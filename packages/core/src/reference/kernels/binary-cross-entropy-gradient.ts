import type { ReferenceKernel } from '../kernel.js';

export const binaryCrossEntropyGradient: ReferenceKernel = {
  op: 'binaryCrossEntropyGradient',
  run({ inputs: [logits, targets, dloss], outputs: [dlogits] }) {
    const factor = dloss!.data[0]! / dlogits!.data.length;
    for (let i = 0; i < dlogits!.data.length; i++) {
      const probability = 1 / (1 + Math.exp(-logits!.data[i]!));
      dlogits!.data[i] = (probability - targets!.data[i]!) * factor;
    }
  },
};
