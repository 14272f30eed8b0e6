import { bytesOf, type Lowering } from '../lowering.js';

export const accumulate: Lowering = {
  op: 'accumulate',
  scratchBytes: ({ inputs: [total] }) => bytesOf(total!),
  lower([total, x], _, { tf, update }) {
    update(0, tf.add(total!, x!));
    return [];
  },
};
