import { elements } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

/** The kernel of the op's name takes the addresses of inputs and outputs, how many elements, bits. */
const coded = (op: string): Kernel => ({
  op,
  lower: ({ inputs, outputs, attributes }, context) => {
    const addresses = [...inputs, ...outputs].map((value) => context.address(value));
    const sizes = [elements(outputs[0]!), attributes.bits as number];
    return [onEveryThread(context, op, [...addresses, ...sizes])];
  },
});

export const fewBitGelu = coded('fewBitGelu');
export const fewBitGeluGradient = coded('fewBitGeluGradient');
