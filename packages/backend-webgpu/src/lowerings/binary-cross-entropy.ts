import { elements, type Value } from '@sketchgrad/core';
import * as kernels from '../kernels/binary-cross-entropy/kernel.js';
import { meanOfUsed } from '../kernels/cross-entropy/kernel.js';
import { type Lowering, overElements } from '../lowering.js';
import { reduced, reductionScratch } from './reduction.js';
import { checkedStarts, usedUniforms } from './used-rows.js';

/** Rows, and the entries of each; without starts all are one row's. */
function extentOf(logits: Value, starts: Value | undefined) {
  const count = elements(logits);
  const rows = starts ? logits.shape[0]! : 1;
  return { count, rows, uniforms: { each: count / rows, ...usedUniforms(rows, starts) } };
}

export const binaryCrossEntropy: Lowering = {
  op: 'binaryCrossEntropy',
  scratch: ({ inputs: [logits] }, abilities) => {
    const size = elements(logits!);
    return [4 * size, 4, ...reductionScratch({ outer: 1, size, inner: 1 }, abilities)];
  },
  lower(node, { abilities, scratch: [losses, total, ...pieces] }) {
    const { inputs, outputs } = node;
    const [logits, targets, starts] = inputs;
    const { count, rows, uniforms } = extentOf(logits!, starts);
    const extent = { outer: 1, size: count, inner: 1 };
    return [
      ...checkedStarts(node, starts, rows, { least: 1 }),
      overElements(kernels.binaryCrossEntropy, count, {
        operands: { logits, targets, starts, losses },
        uniforms,
      }),
      ...reduced(
        { terms: 'values', a: losses, y: total, ...extent },
        { abilities, scratch: pieces },
      ),
      overElements(meanOfUsed, 1, { operands: { total, starts, loss: outputs[0] }, uniforms }),
    ];
  },
};

export const binaryCrossEntropyGradient: Lowering = {
  op: 'binaryCrossEntropyGradient',
  lower(node) {
    const { inputs, outputs } = node;
    const [logits, targets, dloss, starts] = inputs;
    const { count, rows, uniforms } = extentOf(logits!, starts);
    return [
      ...checkedStarts(node, starts, rows, { least: 1 }),
      overElements(kernels.binaryCrossEntropyGradient, count, {
        operands: { logits, targets, dloss, starts, dlogits: outputs[0] },
        uniforms,
      }),
    ];
  },
};
