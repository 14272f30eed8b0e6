import { bytesOf, type Lowering } from '../lowering.js';
import { usedIndices } from './indices.js';

export const gather: Lowering = {
  op: 'gather',
  scratchBytes: ({ inputs: [, indices], outputs: [y] }) =>
    indices!.shape[0] === y!.shape[0] ? 0 : bytesOf({ shape: [y!.shape[0]!], dtype: 'i32' }),
  lower([table, indices], node, context) {
    const { tf } = context;
    const { shape } = node.outputs[0]!;
    const used = usedIndices(indices!, node, context, { count: shape[0]!, rows: table!.shape[0]! });
    if (shape[0] === 0 || shape[1] === 0) return [tf.zeros([...shape])];
    return [tf.gather(table!, used as never)];
  },
};
