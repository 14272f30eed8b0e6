import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Lowering, type LoweringContext, SCALAR_BYTES } from '../lowering.js';
import { onHost } from './on-host.js';
import { firstRows, rowsInUse, withZerosBehind } from './used-rows.js';

/** Whether sums over rows, f32 [features], are numbers: those of large ones may leave 32 bits. */
const areFinite = (sums: Tensor, { read }: LoweringContext): boolean =>
  read(sums).every((sum: number) => Number.isFinite(sum));

const inDoublePrecision = onHost('batchNormalize');
const gradientInDoublePrecision = onHost('batchNormalizeGradient');

export const batchNormalize: Lowering<{ readonly epsilon: number }> = {
  op: 'batchNormalize',
  scratchBytes: ({ inputs: [x], outputs: [, , , variance] }) =>
    Math.max(bytesOf(x!), bytesOf(variance!) + SCALAR_BYTES),
  lower(inputs, node, context) {
    const [x, starts] = inputs;
    const { tf, scalar } = context;
    const all = x!.shape[0]!;
    const rows = rowsInUse(node, starts, { all, least: 2 }, context);
    const used = firstRows(x!, rows, context);
    const mean = tf.mean(used, 0);
    const centred = tf.sub(used, mean);
    if (used !== x) used.dispose();
    const squares = tf.square(centred);
    const variance = tf.mean(squares, 0);
    squares.dispose();
    if (!areFinite(variance, context)) {
      for (const lost of [mean, centred, variance]) lost.dispose();
      return inDoublePrecision.lower(inputs, node, context);
    }
    const least = scalar(node.attributes.epsilon);
    const above = tf.add(variance, least);
    least.dispose();
    const inverse = tf.rsqrt(above);
    above.dispose();
    const normalized = tf.mul(centred, inverse);
    centred.dispose();
    const y = withZerosBehind(normalized, all, context);
    if (!starts) return [y, inverse, mean, variance];
    const factor = scalar(rows / (rows - 1));
    return [y, inverse, mean, tf.mul(variance, factor)];
  },
};

export const batchNormalizeGradient: Lowering = {
  op: 'batchNormalizeGradient',
  scratchBytes: ({ inputs: [y, inverse, , starts] }) =>
    (starts ? 2 : 1) * bytesOf(y!) + (starts ? 2 : 1) * bytesOf(inverse!),
  lower(inputs, node, context) {
    const [y, inverse, dy, starts] = inputs;
    const { tf } = context;
    const all = y!.shape[0]!;
    const rows = rowsInUse(node, starts, { all, least: 2 }, context);
    const used = firstRows(y!, rows, context);
    const cotangents = firstRows(dy!, rows, context);
    const products = tf.mul(cotangents, used);
    const projection = tf.mean(products, 0);
    products.dispose();
    const mean = tf.mean(cotangents, 0);
    if (![projection, mean].every((sums) => areFinite(sums, context))) {
      for (const lost of [projection, mean]) lost.dispose();
      for (const [made, of] of [
        [used, y],
        [cotangents, dy],
      ] as const)
        if (made !== of) made.dispose();
      return gradientInDoublePrecision.lower(inputs, node, context);
    }
    const along = tf.mul(used, projection);
    projection.dispose();
    if (used !== y) used.dispose();
    const removed = tf.add(along, mean);
    for (const done of [along, mean]) done.dispose();
    const left = tf.sub(cotangents, removed);
    removed.dispose();
    if (cotangents !== dy) cotangents.dispose();
    const dx = tf.mul(left, inverse!);
    left.dispose();
    return [withZerosBehind(dx, all, context)];
  },
};
