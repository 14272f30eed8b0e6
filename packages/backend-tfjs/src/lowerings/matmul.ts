import { elements } from '@sketchgrad/core';
import type { Lowering } from '../lowering.js';
import { product, productBytes, type Transposed } from './product.js';

export const matmul: Lowering<Required<Transposed>> = {
  op: 'matmul',
  scratchBytes: ({ attributes, inputs: [a, b] }, abilities) =>
    elements(a!) * elements(b!) === 0 ? 0 : productBytes([a!, b!], attributes, abilities),
  lower([a, b], { attributes, inputs, outputs: [y] }, context) {
    // Over no terms, or of no numbers.
    if (inputs.some((value) => elements(value) === 0)) return [context.tf.zeros([...y!.shape])];
    return [product(a!, b!, attributes, context)];
  },
};
