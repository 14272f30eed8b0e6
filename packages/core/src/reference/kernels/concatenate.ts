import type { Shape } from '../../graph/types.js';
import type { ReferenceKernel } from '../kernel.js';

const product = (shape: Shape): number => shape.reduce((all, size) => all * size, 1);

export const concatenate: ReferenceKernel<{ readonly axis: number }> = {
  op: 'concatenate',
  run({ inputs, outputs: [y], attributes: { axis } }) {
    const outer = product(y!.shape.slice(0, axis));
    let to = 0;
    for (let i = 0; i < outer; i++)
      for (const { shape, data } of inputs) {
        const count = product(shape.slice(axis));
        for (let j = 0; j < count; j++) y!.data[to++] = data[i * count + j]!;
      }
  },
};

export const slice: ReferenceKernel<{ readonly axis: number; readonly begin: number }> = {
  op: 'slice',
  run({ inputs: [x], outputs: [y], attributes: { axis, begin } }) {
    const outer = product(y!.shape.slice(0, axis));
    const inner = product(x!.shape.slice(axis + 1));
    const [from, count] = [x!.shape[axis]! * inner, y!.shape[axis]! * inner];
    for (let i = 0; i < outer; i++)
      for (let j = 0; j < count; j++)
        y!.data[i * count + j] = x!.data[i * from + begin * inner + j]!;
  },
};
