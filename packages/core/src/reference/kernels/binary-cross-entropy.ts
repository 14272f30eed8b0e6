import { usedRows } from '../../execution/indices.js';
import type { Node } from '../../graph/node.js';
import type { ReferenceKernel, Tensor } from '../kernel.js';

/** Entries of the rows that are somebody's. */
function usedEntries(node: Node, logits: Tensor, starts?: Tensor): number {
  const { shape, data } = logits;
  if (!starts) return data.length;
  return usedRows(node, starts.data, shape[0]!, 1) * (data.length / shape[0]!);
}

export const binaryCrossEntropy: ReferenceKernel = {
  op: 'binaryCrossEntropy',
  run({ node, inputs: [logits, targets, starts], outputs: [loss] }) {
    const entries = usedEntries(node, logits!, starts);
    let total = 0;
    for (let i = 0; i < entries; i++) {
      const z = logits!.data[i]!;
      total += Math.max(z, 0) - z * targets!.data[i]! + Math.log1p(Math.exp(-Math.abs(z)));
    }
    loss!.data[0] = total / entries;
  },
};

export const binaryCrossEntropyGradient: ReferenceKernel = {
  op: 'binaryCrossEntropyGradient',
  run({ node, inputs: [logits, targets, dloss, starts], outputs: [dlogits] }) {
    const entries = usedEntries(node, logits!, starts);
    const factor = dloss!.data[0]! / entries;
    dlogits!.data.fill(0, entries);
    for (let i = 0; i < entries; i++) {
      const probability = 1 / (1 + Math.exp(-logits!.data[i]!));
      dlogits!.data[i] = (probability - targets!.data[i]!) * factor;
    }
  },
};
