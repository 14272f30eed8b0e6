import { elements } from '@sketchgrad/core';
import * as kernels from '../kernels/few-bit-gelu/kernel.js';
import { type Lowering, overElements } from '../lowering.js';
import { PACKED } from '../wgsl/packing.js';

export const fewBitGelu: Lowering<{ readonly bits: number }> = {
  op: 'fewBitGelu',
  lower: ({ inputs: [x, thresholds], outputs: [y, codes], attributes: { bits } }) => [
    overElements(kernels.fewBitGelu, Math.ceil(elements(x!) / PACKED), {
      operands: { x, thresholds, y, codes },
      uniforms: { elements: elements(x!), bits },
    }),
  ],
};

export const fewBitGeluGradient: Lowering<{ readonly bits: number }> = {
  op: 'fewBitGeluGradient',
  lower: ({ inputs: [dy, codes, values], outputs: [dx], attributes: { bits } }) => [
    overElements(kernels.fewBitGeluGradient, elements(dy!), {
      operands: { dy, codes, values, dx },
      uniforms: { bits },
    }),
  ],
};
