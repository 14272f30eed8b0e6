import { type Kernel, onEveryThread } from './kernel.js';

/** The kernel of the op's name takes the addresses of inputs and outputs, then the matrix's sizes. */
const onMatrix = (op: string): Kernel => ({
  op,
  lower: (node, context) => {
    const [rows, features] = node.inputs[0]!.shape as [number, number];
    const addresses = [...node.inputs, ...node.outputs].map((value) => context.address(value));
    return [onEveryThread(context, op, [...addresses, rows, features])];
  },
});

export const affine = onMatrix('affine');
export const affineGradient = onMatrix('affineGradient');
