import type { ReferenceKernel } from '../kernel.js';

export const normalize: ReferenceKernel<{ readonly epsilon: number }> = {
  op: 'normalize',
  run({ inputs: [x], outputs: [y, inverse], attributes: { epsilon } }) {
    const [rows, features] = x!.shape as [number, number];
    for (let row = 0; row < rows; row++) {
      const start = row * features;
      let mean = 0;
      for (let i = 0; i < features; i++) mean += x!.data[start + i]! / features;
      let variance = 0;
      for (let i = 0; i < features; i++) variance += (x!.data[start + i]! - mean) ** 2 / features;
      const factor = 1 / Math.sqrt(variance + epsilon);
      for (let i = 0; i < features; i++) y!.data[start + i] = (x!.data[start + i]! - mean) * factor;
      inverse!.data[row] = factor;
    }
  },
};

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
