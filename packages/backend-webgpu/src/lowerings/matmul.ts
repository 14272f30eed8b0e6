import { matmulSizes } from '@sketchgrad/core';
import type { Lowering } from '../lowering.js';
import { product } from './product.js';

export const matmul: Lowering<{ readonly transposeA: boolean; readonly transposeB: boolean }> = {
  op: 'matmul',
  lower({ inputs, outputs: [y], attributes }) {
    const [a, b] = inputs;
    const [m, k, n] = matmulSizes(inputs, attributes);
    return product({ a, b, y, m, n, k, ...attributes });
  },
};

export const linear: Lowering = {
  op: 'linear',
  lower: ({ inputs: [x, w, bias], outputs: [y] }) => {
    const [m, k] = x!.shape as [number, number];
    const [n] = w!.shape as [number];
    return product({ a: x, b: w, bias, y, m, n, k, transposeB: true });
  },
};
