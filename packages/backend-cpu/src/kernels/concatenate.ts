import type { Shape } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

const product = (shape: Shape): number => shape.reduce((all, size) => all * size, 1);

export const concatenate: Kernel = {
  op: 'concatenate',
  lower: (node, context) => {
    const { axis } = node.attributes as { readonly axis: number };
    const y = node.outputs[0]!;
    const outer = product(y.shape.slice(0, axis));
    const toStride = product(y.shape.slice(axis));
    let before = 0;
    return node.inputs.flatMap((x) => {
      const count = product(x.shape.slice(axis));
      const to = context.address(y) + 4 * before;
      before += count;
      if (outer * count === 0) return [];
      const sizes = [outer, count, count, toStride];
      return [onEveryThread(context, 'copyBlocks', [context.address(x), to, ...sizes])];
    });
  },
};

export const slice: Kernel = {
  op: 'slice',
  lower: (node, context) => {
    const { axis, begin } = node.attributes as { readonly axis: number; readonly begin: number };
    const [x, y] = [node.inputs[0]!, node.outputs[0]!];
    const outer = product(y.shape.slice(0, axis));
    const count = product(y.shape.slice(axis));
    if (outer * count === 0) return [];
    const from = context.address(x) + 4 * begin * product(x.shape.slice(axis + 1));
    const sizes = [outer, count, product(x.shape.slice(axis)), count];
    return [onEveryThread(context, 'copyBlocks', [from, context.address(y), ...sizes])];
  },
};
