import { bytesOf, type Lowering, SCALAR_BYTES } from '../lowering.js';
import { done } from '../tensors/done.js';
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
    done(above, along);
    const sizes = tf.abs(z);
    const negative = tf.neg(sizes);
    sizes.dispose();
    const powers = tf.exp(negative);
    negative.dispose();
    const logarithms = logarithmAbove(powers, context);
    const losses = tf.add(linear, logarithms);
    done(linear, logarithms);
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
    done(shares, ...(z === logits ? [] : [z, t]));
    const dz = tf.mul(apart, factor);
    done(apart, factor);
    return [logits!.rank === 0 ? dz : withZerosBehind(dz, all, context)];
  },
};
