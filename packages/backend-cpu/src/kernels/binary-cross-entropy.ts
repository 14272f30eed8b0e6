import { elements, type Node } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

/** Elements that one partial sum covers, as in the kernel. */
export const BLOCK = 4096;

const blocks = (node: Node): number => Math.ceil(elements(node.inputs[0]!) / BLOCK);

export const binaryCrossEntropy: Kernel = {
  op: 'binaryCrossEntropy',
  scratchBytes: (node) => blocks(node) * Float64Array.BYTES_PER_ELEMENT,
  lower: (node, context) => {
    const [logits, targets] = node.inputs.map((value) => context.address(value));
    const partials = context.scratch(node);
    const count = elements(node.inputs[0]!);
    const mean = [partials, context.address(node.outputs[0]!), blocks(node), count];
    return [
      onEveryThread(context, 'binaryCrossEntropyBlocks', [logits!, targets!, partials, count]),
      onEveryThread(context, 'meanOfBlocks', mean),
    ];
  },
};

export const binaryCrossEntropyGradient: Kernel = {
  op: 'binaryCrossEntropyGradient',
  lower: (node, context) => {
    const addresses = [...node.inputs, node.outputs[0]!].map((value) => context.address(value));
    const args = [...addresses, elements(node.outputs[0]!)];
    return [onEveryThread(context, 'binaryCrossEntropyGradient', args)];
  },
};
