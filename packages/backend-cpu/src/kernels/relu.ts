import { elements } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

/** The kernel of the op's name takes the addresses of inputs and outputs, then the elements. */
const withBits = (op: string): Kernel => ({
  op,
  lower: (node, context) => {
    const addresses = [...node.inputs, ...node.outputs].map((value) => context.address(value));
    return [onEveryThread(context, op, [...addresses, elements(node.outputs[0]!)])];
  },
});

export const relu = withBits('relu');
export const reluGradient = withBits('reluGradient');
