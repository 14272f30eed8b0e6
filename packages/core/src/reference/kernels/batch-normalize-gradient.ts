import type { ReferenceKernel } from '../kernel.js';

export const batchNormalizeGradient: ReferenceKernel = {
  op: 'batchNormalizeGradient',
  run({ inputs: [y, inverse, dy], outputs: [dx] }) {
    const [rows, features] = y!.shape as [number, number];
    for (let f = 0; f < features; f++) {
      let mean = 0;
      let along = 0;
      for (let i = f; i < rows * features; i += features) {
        mean += dy!.data[i]! / rows;
        along += (dy!.data[i]! * y!.data[i]!) / rows;
      }
      for (let i = f; i < rows * features; i += features)
        dx!.data[i] = inverse!.data[f]! * (dy!.data[i]! - mean - y!.data[i]! * along);
    }
  },
};
