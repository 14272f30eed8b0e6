import { ADAMW_SETTINGS } from '@sketchgrad/core';
import { type Lowering, SCALAR_BYTES } from '../lowering.js';

const GRADIENT_SCALE = ADAMW_SETTINGS.indexOf('gradientScale');

export const clipFactor: Lowering<{ readonly limit: number }> = {
  op: 'clipFactor',
  // Four numbers that are known here, and what is made of them but for the factor.
  scratchBytes: () => 10 * SCALAR_BYTES,
  lower([squared, settings], { attributes: { limit } }, { tf, scalar, read }) {
    const norm = tf.mul(tf.sqrt(squared!), scalar(read(settings!)[GRADIENT_SCALE]!));
    const share = tf.div(scalar(limit), tf.add(norm, scalar(1e-6)));
    // 0, and NaN where it is not finite.
    const finite = tf.sub(squared!, squared!);
    return [tf.add(tf.minimum(share, scalar(1)), finite)];
  },
};
