import { elements, type Shape, type Value } from '@sketchgrad/core';
import { move } from '../kernels/move/kernel.js';
import { type Dispatch, type Lowering, type Operand, overElements } from '../lowering.js';
import { broadcastStrides, rowStrides, stridedUniforms } from './strides.js';

/** Where elements are read and written. */
interface Moved {
  readonly x: Operand;
  readonly y: Operand;
  /** Of what is moved, axis by axis. */
  readonly sizes: Shape;
  readonly from?: number;
  readonly to?: number;
  readonly xStrides: readonly number[];
  readonly yStrides: readonly number[];
}

/** Moves elements from one order to another. */
export const moved = ({ x, y, sizes, from = 0, to = 0, xStrides, yStrides }: Moved): Dispatch =>
  overElements(move, elements({ shape: sizes, dtype: 'f32' }), {
    operands: { x, y },
    uniforms: { xBegin: from, yBegin: to, ...stridedUniforms(sizes, xStrides, yStrides) },
  });

export const broadcastTo: Lowering = {
  op: 'broadcastTo',
  lower: ({ inputs: [x], outputs: [y] }) => [
    moved({
      ...{ x, y, sizes: y!.shape, yStrides: rowStrides(y!.shape) },
      xStrides: broadcastStrides(x!.shape, y!.shape),
    }),
  ],
};

/** y's axis k is x's axis order[k]. */
const permuted = (x: Value, y: Value, order: readonly number[]): Dispatch => {
  const strides = rowStrides(x.shape);
  return moved({
    ...{ x, y, sizes: y.shape, yStrides: rowStrides(y.shape) },
    xStrides: order.map((axis) => strides[axis]!),
  });
};

export const transpose: Lowering = {
  op: 'transpose',
  lower: ({ inputs: [x], outputs: [y] }) => [permuted(x!, y!, [1, 0])],
};

export const permuteAxes: Lowering<{ readonly order: readonly number[] }> = {
  op: 'permuteAxes',
  lower: ({ inputs: [x], outputs: [y], attributes: { order } }) => [permuted(x!, y!, order)],
};

export const slice: Lowering<{ readonly axis: number; readonly begin: number }> = {
  op: 'slice',
  lower({ inputs: [x], outputs: [y], attributes: { axis, begin } }) {
    const xStrides = rowStrides(x!.shape);
    // Along an axis of one element there are no steps.
    const from = begin === 0 ? 0 : begin * xStrides[axis]!;
    return [moved({ x, y, sizes: y!.shape, from, xStrides, yStrides: rowStrides(y!.shape) })];
  },
};

export const concatenate: Lowering<{ readonly axis: number }> = {
  op: 'concatenate',
  lower({ inputs, outputs: [y], attributes: { axis } }) {
    const inner = y!.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
    const yStrides = rowStrides(y!.shape);
    let begin = 0;
    return inputs.map((x) => {
      const to = begin * inner;
      begin += x.shape[axis]!;
      return moved({ x, y, sizes: x.shape, to, xStrides: rowStrides(x.shape), yStrides });
    });
  },
};

export const reshape: Lowering = { op: 'reshape', lower: () => [] };
