import { bytesOf, type Lowering } from '../lowering.js';
import { usedIndices } from './indices.js';

export const scatterAdd: Lowering = {
  op: 'scatterAdd',
  scratchBytes: ({ inputs: [x, indices] }) =>
    indices!.shape[0] === x!.shape[0] ? 0 : bytesOf({ shape: [x!.shape[0]!], dtype: 'i32' }),
  lower([x, indices], node, context) {
    const { tf, view } = context;
    const { shape } = node.outputs[0]!;
    const count = x!.shape[0]!;
    const used = usedIndices(indices!, node, context, { count, rows: shape[0]! });
    if (count === 0 || x!.shape[1] === 0) return [tf.zeros([...shape])];
    return [tf.scatterND(view(used, [count, 1]), x!, [...shape])];
  },
};
