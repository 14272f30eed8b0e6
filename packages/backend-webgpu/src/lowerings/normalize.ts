import * as kernels from '../kernels/normalize/kernel.js';
import type { Lowering } from '../lowering.js';
import { overRows } from '../row-kernel.js';

export const normalize: Lowering<{ readonly epsilon: number }> = {
  op: 'normalize',
  lower({ inputs: [x], outputs: [y, inverse], attributes: { epsilon } }, { abilities }) {
    const [rows, features] = x!.shape as [number, number];
    const operands = { x, y, inverse };
    return [
      overRows(kernels.normalize, rows, { abilities, operands, uniforms: { features, epsilon } }),
    ];
  },
};

export const normalizeGradient: Lowering = {
  op: 'normalizeGradient',
  lower({ inputs: [y, inverse, dy], outputs: [dx] }, { abilities }) {
    const [rows, features] = y!.shape as [number, number];
    const operands = { y, inverse, dy, dx };
    return [
      overRows(kernels.normalizeGradient, rows, { abilities, operands, uniforms: { features } }),
    ];
  },
};
