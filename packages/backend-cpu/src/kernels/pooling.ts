import type { Node, Windows } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';
import { windowArguments } from './windows.js';

/** The kernel of the op's name takes the addresses of inputs and outputs, then the images and the window. */
const pooling = (op: string): Kernel => ({
  op,
  lower: (node: Node, context) => {
    const { windows } = node.attributes as { readonly windows: Windows };
    const [batch, , , channels] = node.inputs[0]!.shape as [number, number, number, number];
    const addresses = [...node.inputs, ...node.outputs].map((value) => context.address(value));
    const sizes = windowArguments(windows, channels);
    return [onEveryThread(context, op, [...addresses, batch, ...sizes])];
  },
});

export const maxPooling = pooling('maxPooling');
export const maxPoolingGradient = pooling('maxPoolingGradient');
export const averagePooling = pooling('averagePooling');
export const averagePoolingGradient = pooling('averagePoolingGradient');
