import type { ReferenceKernel } from '../kernel.js';

export const rowSquaredNorms: ReferenceKernel = {
  op: 'rowSquaredNorms',
  run({ inputs: [x], outputs: [y] }) {
    const [rows, features] = x!.shape as [number, number];
    for (let row = 0; row < rows; row++) {
      let total = 0;
      for (let f = 0; f < features; f++) total += x!.data[row * features + f]! ** 2;
      y!.data[row] = total;
    }
  },
};
