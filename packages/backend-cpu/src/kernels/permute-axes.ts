import { elements, PERMUTED_AXES } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

export const permuteAxes: Kernel = {
  op: 'permuteAxes',
  lower: (node, context) => {
    const { order } = node.attributes as { readonly order: readonly number[] };
    const [x, y] = [node.inputs[0]!, node.outputs[0]!];
    if (elements(y) === 0) return [];
    const strides = x.shape.map((_, axis) =>
      x.shape.slice(axis + 1).reduce((all, size) => all * size, 1),
    );
    // Axes in front that there are not have one place each.
    const missing = new Array<number>(PERMUTED_AXES - order.length).fill(1);
    const args = [
      ...[context.address(x), context.address(y)],
      ...[...missing, ...y.shape],
      ...[...missing, ...order.map((axis) => strides[axis]!)],
    ];
    return [onEveryThread(context, 'permuteAxes', args)];
  },
};
