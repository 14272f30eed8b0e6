import type { Lowering } from '../lowering.js';

export const transpose: Lowering = {
  op: 'transpose',
  lower: ([x], _, { tf }) => [tf.transpose(x!, [1, 0])],
};
