import { checkStarts } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering } from '../lowering.js';
import { done } from '../tensors/done.js';
import { product } from './product.js';
import { sumOfSquares } from './squared-norms.js';

/** ‖Xᵀ Y‖² of each example's rows, by the matrix itself. */
export const exampleGradientNorms: Lowering = {
  op: 'exampleGradientNorms',
  scratchBytes({ inputs: [x, y], outputs: [norms] }, { transposesFirst }) {
    const [rows, features] = x!.shape as [number, number];
    const outputs = y!.shape[1]!;
    const examples = norms!.shape[0]!;
    const factors = features * (transposesFirst ? 2 : 1) + outputs;
    return 4 * (rows * factors + features * outputs + features + 2 + examples);
  },
  lower([x, y, starts], node, context) {
    const { tf, read, view } = context;
    const [all, features] = x!.shape as [number, number];
    const outputs = y!.shape[1]!;
    const data = read(starts!);
    checkStarts(node, data, all);
    const examples = data.length - 1;
    if (examples === 0) return [tf.zeros([0])];
    const norms = Array.from({ length: examples }, (_, example): Tensor => {
      const [first, end] = [data[example]!, data[example + 1]!];
      if (first === end || features * outputs === 0) return tf.zeros([1]);
      const rows = end - first;
      const own = tf.slice(x!, [first, 0], [rows, features]);
      const cotangents = tf.slice(y!, [first, 0], [rows, outputs]);
      const gradient = product(own, cotangents, { transposeA: true }, context);
      done(own, cotangents);
      const norm = sumOfSquares(gradient, context);
      gradient.dispose();
      return view(norm, [1]);
    });
    return [norms.length === 1 ? norms[0]! : tf.concat(norms)];
  },
};
