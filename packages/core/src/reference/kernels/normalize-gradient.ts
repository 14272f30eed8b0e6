import type { ReferenceKernel } from '../kernel.js';

export const normalizeGradient: ReferenceKernel = {
  op: 'normalizeGradient',
  run({ inputs: [y, inverse, dy], outputs: [dx] }) {
    const [rows, features] = y!.shape as [number, number];
    for (let row = 0; row < rows; row++) {
      const start = row * features;
      let mean = 0;
      let projection = 0;
      for (let i = 0; i < features; i++) {
        mean += dy!.data[start + i]! / features;
        projection += (dy!.data[start + i]! * y!.data[start + i]!) / features;
      }
      for (let i = start; i < start + features; i++)
        dx!.data[i] = inverse!.data[row]! * (dy!.data[i]! - mean - y!.data[i]! * projection);
    }
  },
};
