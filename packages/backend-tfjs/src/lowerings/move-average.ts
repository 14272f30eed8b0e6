import { bytesOf, type Lowering, SCALAR_BYTES } from '../lowering.js';
import { done } from '../tensors/done.js';

export const moveAverage: Lowering<{ readonly momentum: number; readonly factor: number }> = {
  op: 'moveAverage',
  scratchBytes({ inputs: [average] }) {
    const bytes = bytesOf(average!);
    return Math.max(3 * bytes, 2 * bytes + 2 * SCALAR_BYTES);
  },
  lower([average, x], { attributes: { momentum, factor } }, { tf, scalar, update }) {
    const [stays, comes] = [scalar(1 - momentum), scalar(momentum * factor)];
    const before = tf.mul(average!, stays);
    const now = tf.mul(x!, comes);
    done(stays, comes);
    update(0, tf.add(before, now));
    return [];
  },
};
