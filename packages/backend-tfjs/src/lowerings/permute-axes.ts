import type { Lowering } from '../lowering.js';

export const permuteAxes: Lowering<{ readonly order: readonly number[] }> = {
  op: 'permuteAxes',
  lower([x], { attributes: { order }, outputs: [y] }, { tf }) {
    if (x!.size === 0) return [tf.zeros([...y!.shape])];
    return [order.length < 2 ? tf.clone(x!) : tf.transpose(x!, [...order])];
  },
};
