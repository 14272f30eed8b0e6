import type { ReferenceKernel } from '../kernel.js';

export const sum: ReferenceKernel<{ readonly axis: number }> = {
  op: 'sum',
  run({ inputs: [x], outputs: [y], attributes: { axis } }) {
    const size = x!.shape[axis]!;
    const inner = x!.shape.slice(axis + 1).reduce((count, n) => count * n, 1);
    for (let i = 0; i < y!.data.length; i++) {
      const first = Math.floor(i / inner) * size * inner + (i % inner);
      let total = 0;
      for (let j = 0; j < size; j++) total += x!.data[first + j * inner]!;
      y!.data[i] = total;
    }
  },
};
