import { elements } from '@sketchgrad/core';
import { bytesOf, type Lowering } from '../lowering.js';
import { product, productBytes } from './product.js';

const TRANSPOSED = { transposeB: true };

export const linear: Lowering = {
  op: 'linear',
  scratchBytes({ inputs: [x, w, b], outputs: [y] }, abilities) {
    if (elements(x!) * elements(w!) === 0) return 0;
    return Math.max(productBytes([x!, w!], TRANSPOSED, abilities), b ? bytesOf(y!) : 0);
  },
  lower([x, w, b], { inputs, outputs: [y] }, context) {
    const { tf, view } = context;
    const { shape } = y!;
    // Of no numbers, or over no terms.
    if (elements(y!) === 0 || (elements(inputs[0]!) === 0 && !b)) return [tf.zeros([...shape])];
    if (elements(inputs[0]!) === 0) return [tf.tile(view(b!, [1, shape[1]!]), [shape[0]!, 1])];
    const made = product(x!, w!, TRANSPOSED, context);
    return [b ? tf.add(made, b) : made];
  },
};
