import type { ReferenceKernel } from '../kernel.js';

export const moveAverage: ReferenceKernel<{ readonly momentum: number; readonly factor: number }> =
  {
    op: 'moveAverage',
    run({ inputs: [, x], outputs: [average], attributes: { momentum, factor } }) {
      for (let i = 0; i < average!.data.length; i++)
        average!.data[i] = (1 - momentum) * average!.data[i]! + momentum * factor * x!.data[i]!;
    },
  };
