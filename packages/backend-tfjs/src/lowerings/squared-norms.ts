import type { Shape } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Lowering, type LoweringContext } from '../lowering.js';

/** ‖x_i‖² of each row, as the products of rows with themselves: no tensor of squares is there. */
function ofRows(x: Tensor, [rows, features]: readonly [number, number], context: LoweringContext) {
  const { tf, view } = context;
  if (rows * features === 0) return tf.zeros([rows]);
  const [row, column] = [view(x, [rows, 1, features]), view(x, [rows, features, 1])];
  return view(tf.matMul(row, column), [rows]);
}

/** The last axis is a row's, so that sums are of few terms each. */
const rowsOf = (shape: Shape): [number, number] => {
  const features = shape.at(-1) ?? 1;
  return [shape.slice(0, -1).reduce((n, size) => n * size, 1), features];
};

export const rowSquaredNorms: Lowering = {
  op: 'rowSquaredNorms',
  lower: ([x], _, context) => [ofRows(x!, x!.shape as [number, number], context)],
};

/** Σ x². */
export function sumOfSquares(x: Tensor, context: LoweringContext): Tensor {
  const { tf } = context;
  const norms = ofRows(x, rowsOf(x.shape), context);
  const total = tf.sum(norms);
  norms.dispose();
  return total;
}

export const squaredNorm: Lowering = {
  op: 'squaredNorm',
  scratchBytes: ({ inputs: [x] }) => bytesOf({ shape: [rowsOf(x!.shape)[0]], dtype: 'f32' }),
  lower: ([x], _, context) => [sumOfSquares(x!, context)],
};
