import type { Attributes, TensorType } from '@sketchgrad/core';
import { checkIndices } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Lowering, type LoweringContext, SCALAR_BYTES } from '../lowering.js';
import type { NodeOf } from '../node-of.js';
import { done } from '../tensors/done.js';
import { firstRows, rowsInUse, withZerosBehind } from './used-rows.js';

const column = ({ shape }: TensorType): TensorType => ({ shape: [shape[0]!], dtype: 'f32' });

/** The rows in use, and their labels. */
function labelled(
  node: NodeOf<Attributes>,
  { x, labels, starts }: { x: Tensor; labels: Tensor; starts: Tensor | undefined },
  context: LoweringContext,
) {
  const [all, classes] = x.shape as [number, number];
  const rows = rowsInUse(node, starts, { all, least: 1 }, context);
  const data = context.read(labels).subarray(0, rows);
  checkIndices(node, 'label', data, classes);
  return { all, classes, rows, data };
}

export const crossEntropy: Lowering = {
  op: 'crossEntropy',
  scratchBytes({ inputs: [logits, , starts] }) {
    const [whole, one] = [bytesOf(logits!), bytesOf(column(logits!))];
    const given = starts ? whole : 0;
    return given + Math.max(3 * whole + one, 2 * whole + 3 * one) - whole - SCALAR_BYTES;
  },
  lower([x, labels, starts], node, context) {
    const { tf, upload, view, scalar } = context;
    const { all, classes, rows, data } = labelled(
      node,
      { x: x!, labels: labels!, starts },
      context,
    );
    const logits = firstRows(x!, rows, context);
    const largest = tf.max(logits, 1, true);
    const centred = tf.sub(logits, largest);
    largest.dispose();
    if (logits !== x) logits.dispose();
    const powers = tf.exp(centred);
    const totals = tf.sum(powers, 1, true);
    const probabilities = tf.div(powers, totals);
    powers.dispose();
    const places = upload(Int32Array.from(data, (label, row) => row * classes + label));
    const chosen = tf.gather(view(centred, [rows * classes]), places as never);
    done(centred, places);
    const logarithms = tf.log(totals);
    totals.dispose();
    const losses = tf.sub(view(logarithms, [rows]), chosen);
    done(logarithms, chosen);
    const total = tf.sum(losses);
    losses.dispose();
    const count = scalar(rows);
    const loss = tf.div(total, count);
    done(total, count);
    return [loss, withZerosBehind(probabilities, all, context)];
  },
};

export const crossEntropyGradient: Lowering = {
  op: 'crossEntropyGradient',
  scratchBytes({ inputs: [probabilities, , , starts] }) {
    const [whole, one] = [bytesOf(probabilities!), bytesOf(column(probabilities!))];
    return (starts ? whole : 0) + Math.max(whole, 3 * one) + SCALAR_BYTES;
  },
  lower([x, labels, dloss, starts], node, context) {
    const { tf, scalar, upload } = context;
    const given = { x: x!, labels: labels!, starts };
    const { all, classes, rows, data } = labelled(node, given, context);
    const count = scalar(rows);
    const factor = tf.div(dloss!, count);
    count.dispose();
    const places = new Int32Array(2 * rows);
    for (let row = 0; row < rows; row++) places.set([row, data[row]!], 2 * row);
    const [at, ones] = [upload(places, [rows, 2]), tf.ones([rows])];
    const hot = tf.scatterND(at, ones, [rows, classes]);
    done(at, ones);
    const probabilities = firstRows(x!, rows, context);
    const apart = tf.sub(probabilities, hot);
    done(hot, ...(probabilities === x ? [] : [probabilities]));
    const dx = tf.mul(apart, factor);
    done(apart, factor);
    return [withZerosBehind(dx, all, context)];
  },
};
