import { checkIndices } from '../indices.js';
import type { ReferenceKernel } from '../kernel.js';

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
