import type { ReferenceKernel } from '../kernel.js';

export const permuteAxes: ReferenceKernel<{ readonly order: readonly number[] }> = {
  op: 'permuteAxes',
  run({ inputs: [x], outputs: [y], attributes: { order } }) {
    const strides = x!.shape.map((_, axis) =>
      x!.shape.slice(axis + 1).reduce((all, size) => all * size, 1),
    );
    for (let to = 0; to < y!.data.length; to++) {
      let rest = to;
      let from = 0;
      for (let axis = order.length - 1; axis >= 0; axis--) {
        const size = y!.shape[axis]!;
        from += (rest % size) * strides[order[axis]!]!;
        rest = Math.floor(rest / size);
      }
      y!.data[to] = x!.data[from]!;
    }
  },
};
