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
