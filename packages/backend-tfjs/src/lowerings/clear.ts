import { bytesOf, type Lowering } from '../lowering.js';

export const clear: Lowering = {
  op: 'clear',
  scratchBytes: ({ inputs: [x] }) => bytesOf(x!),
  lower([x], _, { tf, update }) {
    update(0, tf.zeros(x!.shape));
    return [];
  },
};
