import { type Kernel, onEveryThread } from './kernel.js';

/** A view: its input's memory under another shape. */
export const reshape: Kernel = { op: 'reshape', lower: () => [] };

export const transpose: Kernel = {
  op: 'transpose',
  lower: (node, context) => {
    const [x] = node.inputs;
    const [rows, columns] = x!.shape as [number, number];
    const addresses = [context.address(x!), context.address(node.outputs[0]!)];
    return [onEveryThread(context, 'transpose', [...addresses, rows, columns])];
  },
};
