import { elements } from '@sketchgrad/core';
import * as kernels from '../kernels/softmax/kernel.js';
import type { Lowering } from '../lowering.js';
import { overRows } from '../row-kernel.js';

export const softmax: Lowering = {
  op: 'softmax',
  lower({ inputs: [x], outputs: [y] }, { abilities }) {
    const size = x!.shape.at(-1)!;
    const rows = size === 0 ? 0 : elements(x!) / size;
    return [overRows(kernels.softmax, rows, { abilities, operands: { x, y }, uniforms: { size } })];
  },
};
