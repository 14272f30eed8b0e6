import { elements } from '@sketchgrad/core';
import type { Lowering } from '../lowering.js';

export const matmul: Lowering<{ readonly transposeA: boolean; readonly transposeB: boolean }> = {
  op: 'matmul',
  lower([a, b], { attributes: { transposeA, transposeB }, inputs, outputs: [y] }, { tf }) {
    // Over no terms, or of no numbers.
    if (inputs.some((value) => elements(value) === 0)) return [tf.zeros([...y!.shape])];
    return [tf.matMul(a!, b!, transposeA, transposeB)];
  },
};
