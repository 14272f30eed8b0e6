import * as kernels from '../kernels/normalize/kernel.js';
import { dispatch, type Lowering } from '../lowering.js';

export const normalize: Lowering<{ readonly epsilon: number }> = {
  op: 'normalize',
  lower({ inputs: [x], outputs: [y, inverse], attributes: { epsilon } }) {
    const [rows, features] = x!.shape as [number, number];
    const operands = { x, y, inverse };
    return [
      dispatch(kernels.normalize, { operands, uniforms: { features, epsilon }, groups: rows }),
    ];
  },
};

export const normalizeGradient: Lowering = {
  op: 'normalizeGradient',
  lower({ inputs: [y, inverse, dy], outputs: [dx] }) {
    const [rows, features] = y!.shape as [number, number];
    const operands = { y, inverse, dy, dx };
    return [
      dispatch(kernels.normalizeGradient, { operands, uniforms: { features }, groups: rows }),
    ];
  },
};
