import { elements } from '@sketchgrad/core';
import * as kernels from '../kernels/softmax/kernel.js';
import { dispatch, type Lowering } from '../lowering.js';

export const softmax: Lowering = {
  op: 'softmax',
  lower({ inputs: [x], outputs: [y] }) {
    const size = x!.shape.at(-1)!;
    const groups = size === 0 ? 0 : elements(x!) / size;
    return [dispatch(kernels.softmax, { operands: { x, y }, uniforms: { size }, groups })];
  },
};
