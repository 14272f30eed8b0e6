import { bytesOf, type Lowering, SCALAR_BYTES } from '../lowering.js';
import { logarithmAbove } from './logarithms.js';
import { firstRows, rowsInUse, withZerosBehind } from './used-rows.js';

export const binaryCrossEntropy: Lowering = {
  op: 'binaryCrossEntropy',
  // Beside what the logarithms take there is what they are added to, and no loss yet.
  scratchBytes: ({ inputs: [logits, , starts] }) =>
    (starts ? 8 : 6) * bytesOf(logits!) - SCALAR_BYTES,
  lower([logits, targets, starts], node, context) {
    const { tf, scalar } = context;
    const rows = rowsInUse(node, starts, { all: logits!.shape[0] ?? 1, least: 1 }, context);
    const [z, t] = [firstRows(logits!, rows, context), firstRows(targets!, rows, context)];
    const above = tf.relu(z);
    const along = tf.mul(z, t);
    const linear = tf.sub(above, along);
    for (const used of [above, along]) used.dispose();
    const sizes = tf.abs(z);
    const negative = tf.neg(sizes);
    sizes.dispose();
    const powers = tf.exp(negative);
    negative.dispose();
    const logarithms = logarithmAbove(powers, context);
    const losses = tf.add(linear, logarithms);
    for (const used of [linear, logarithms]) used.dispose();
    const total = tf.sum(losses);
    losses.dispose();
    return [tf.div(total, scalar(z.size))];
  },
};

export const binaryCrossEntropyGradient: Lowering = {
  op: 'binaryCrossEntropyGradient',
  scratchBytes: ({ inputs: [logits, , , starts] }) =>
    (starts ? 3 : 1) * bytesOf(logits!) + SCALAR_BYTES,
  lower([logits, targets, dloss, starts], node, context) {
    const { tf, scalar } = context;
    const all = logits!.shape[0] ?? 1;
    const rows = rowsInUse(node, starts, { all, least: 1 }, context);
    const [z, t] = [firstRows(logits!, rows, context), firstRows(targets!, rows, context)];
    const count = scalar(z.size);
    const factor = tf.div(dloss!, count);
    count.dispose();
    const shares = tf.sigmoid(z);
    const apart = tf.sub(shares, t);
    for (const used of [shares, ...(z === logits ? [] : [z, t])]) used.dispose();
    const dz = tf.mul(apart, factor);
    for (const used of [apart, factor]) used.dispose();
    return [logits!.rank === 0 ? dz : withZerosBehind(dz, all, context)];
  },
};
