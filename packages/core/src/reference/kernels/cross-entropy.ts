import { checkIndices, usedRows } from '../../execution/indices.js';
import type { ReferenceKernel } from '../kernel.js';

export const crossEntropy: ReferenceKernel = {
  op: 'crossEntropy',
  run({ node, inputs: [logits, labels, starts], outputs: [loss, probabilities] }) {
    const [all, classes] = logits!.shape as [number, number];
    const rows = usedRows(node, starts?.data, all, 1);
    checkIndices(node, 'label', labels!.data.subarray(0, rows), classes);
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
    probabilities!.data.fill(0, rows * classes);
    loss!.data[0] = total / rows;
  },
};

export const crossEntropyGradient: ReferenceKernel = {
  op: 'crossEntropyGradient',
  run({ node, inputs: [probabilities, labels, dloss, starts], outputs: [dlogits] }) {
    const [all, classes] = probabilities!.shape as [number, number];
    const rows = usedRows(node, starts?.data, all, 1);
    checkIndices(node, 'label', labels!.data.subarray(0, rows), classes);
    const factor = dloss!.data[0]! / rows;
    dlogits!.data.fill(0, rows * classes);
    for (let i = 0; i < rows * classes; i++) {
      const hot = labels!.data[Math.floor(i / classes)] === i % classes ? 1 : 0;
      dlogits!.data[i] = (probabilities!.data[i]! - hot) * factor;
    }
  },
};
