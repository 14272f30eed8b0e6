import { elements } from '@sketchgrad/core';
import { bytesOf, type Lowering } from '../lowering.js';

export const linear: Lowering = {
  op: 'linear',
  scratchBytes: ({ inputs: [x, , b], outputs: [y] }) => (b && elements(x!) > 0 ? bytesOf(y!) : 0),
  lower([x, w, b], { inputs, outputs: [y] }, { tf, view }) {
    const { shape } = y!;
    // Of no numbers, or over no terms.
    if (elements(y!) === 0 || (elements(inputs[0]!) === 0 && !b)) return [tf.zeros([...shape])];
    if (elements(inputs[0]!) === 0) return [tf.tile(view(b!, [1, shape[1]!]), [shape[0]!, 1])];
    const product = tf.matMul(x!, w!, false, true);
    return [b ? tf.add(product, b) : product];
  },
};
