import type { Windows } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';
import { windowArguments } from './windows.js';

export const placesAtPixels: Kernel = {
  op: 'placesAtPixels',
  lower: ({ inputs: [dy], outputs: [found], attributes }, context) => {
    const { windows, at } = attributes as { readonly windows: Windows; readonly at: number };
    const [batch, , , outputs] = dy!.shape as [number, number, number, number];
    const addresses = [context.address(dy!), context.address(found!)];
    const sizes = windowArguments(windows, outputs);
    return [onEveryThread(context, 'placesAtPixels', [...addresses, at, batch, ...sizes])];
  },
};
