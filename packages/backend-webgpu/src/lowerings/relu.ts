import { elements } from '@sketchgrad/core';
import * as kernels from '../kernels/relu/kernel.js';
import { type Lowering, overElements } from '../lowering.js';

export const relu: Lowering = {
  op: 'relu',
  lower: ({ inputs: [x], outputs: [y, bits] }) => [
    overElements(kernels.relu, elements(bits!), {
      operands: { x, y, bits },
      uniforms: { elements: elements(y!) },
    }),
  ],
};

export const reluGradient: Lowering = {
  op: 'reluGradient',
  lower: ({ inputs: [bits, dy], outputs: [dx] }) => [
    overElements(kernels.reluGradient, elements(dx!), {
      operands: { bits, dy, dx },
      uniforms: {},
    }),
  ],
};
