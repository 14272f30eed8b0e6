import { checkIndices } from '../indices.js';
import type { ReferenceKernel } from '../kernel.js';

export const crossEntropy: ReferenceKernel = {
  op: 'crossEntropy',
  run({ node, inputs: [logits, labels], outputs: [loss, probabilities] }) {
    const [rows, classes] = logits!.shape as [number, number];
    checkIndices(node, 'label', labels!.data, classes);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      const start = row * classes;
      let largest = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < classes; i++) largest = Math.max(largest, logits!.data[start + i]!);
      let powers = 0;
      for (let i = 0; i < classes; i++) powers += Math.exp(logits!.data[start + i]! - largest);
      total += Math.log(powers) + largest - logits!.data[start + labels!.data[row]!]!;
      for (let i = 0; i < classes; i++)
        probabilities!.data[start + i] = Math.exp(logits!.data[start + i]! - largest) / powers;
    }
    loss!.data[0] = total / rows;
  },
};

export const crossEntropyGradient: ReferenceKernel = {
  op: 'crossEntropyGradient',
  run({ node, inputs: [probabilities, labels, dloss], outputs: [dlogits] }) {
    const [rows, classes] = probabilities!.shape as [number, number];
    checkIndices(node, 'label', labels!.data, classes);
    const factor = dloss!.data[0]! / rows;
    for (let i = 0; i < dlogits!.data.length; i++) {
      const hot = labels!.data[Math.floor(i / classes)] === i % classes ? 1 : 0;
      dlogits!.data[i] = (probabilities!.data[i]! - hot) * factor;
    }
  },
};
