import { elements } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

export const softmax: Kernel = {
  op: 'softmax',
  lower: (node, context) => {
    const [x] = node.inputs;
    const size = x!.shape.at(-1) ?? 1;
    const rows = size === 0 ? 0 : elements(x!) / size;
    const addresses = [context.address(x!), context.address(node.outputs[0]!)];
    return [onEveryThread(context, 'softmax', [...addresses, rows, size])];
  },
};
