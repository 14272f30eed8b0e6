import type { Lowering } from '../lowering.js';

export const softmax: Lowering = {
  op: 'softmax',
  lower: ([x], _, { tf }) => [tf.softmax(x!)],
};
