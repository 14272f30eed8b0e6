import { bytesOf, type Lowering } from '../lowering.js';
import { sumOver } from './sum.js';

export const affine: Lowering = {
  op: 'affine',
  scratchBytes: ({ inputs: [x] }) => bytesOf(x!),
  lower: ([x, gain, bias], _, { tf }) => [tf.add(tf.mul(x!, gain!), bias!)],
};

export const affineGradient: Lowering = {
  op: 'affineGradient',
  lower([x, gain, dy], _, context) {
    const { tf } = context;
    // While this is there, dx is not, which has as many bytes.
    const along = tf.mul(dy!, x!);
    const dgain = sumOver(along, 0, context);
    along.dispose();
    return [tf.mul(dy!, gain!), dgain, sumOver(dy!, 0, context)];
  },
};
