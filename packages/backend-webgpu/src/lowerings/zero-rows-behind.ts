import { elements } from '@sketchgrad/core';
import * as kernels from '../kernels/rows/kernel.js';
import { type Lowering, overElements } from '../lowering.js';
import { checkedStarts, usedUniforms } from './used-rows.js';

export const zeroRowsBehind: Lowering = {
  op: 'zeroRowsBehind',
  lower(node) {
    const { inputs, outputs } = node;
    const [x, starts] = inputs;
    const [rows, features] = x!.shape as [number, number];
    return [
      ...checkedStarts(node, starts, rows),
      overElements(kernels.zeroRowsBehind, elements(x!), {
        operands: { x, starts, y: outputs[0] },
        uniforms: { features, ...usedUniforms(rows, starts) },
      }),
    ];
  },
};
