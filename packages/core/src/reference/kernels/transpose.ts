import type { ReferenceKernel } from '../kernel.js';

export const transpose: ReferenceKernel = {
  op: 'transpose',
  run({ inputs: [x], outputs: [y] }) {
    const [rows, columns] = x!.shape as [number, number];
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) y!.data[j * rows + i] = x!.data[i * columns + j]!;
  },
};
