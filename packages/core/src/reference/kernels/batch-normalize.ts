import { usedRows } from '../../execution/indices.js';
import type { ReferenceKernel } from '../kernel.js';

export const batchNormalize: ReferenceKernel<{ readonly epsilon: number }> = {
  op: 'batchNormalize',
  run({ node, inputs, outputs: [y, inverses, means, variances], attributes: { epsilon } }) {
    const [x, starts] = inputs;
    const [all, features] = x!.shape as [number, number];
    const rows = usedRows(node, starts?.data, all, 2);
    for (let f = 0; f < features; f++) {
      let mean = 0;
      for (let row = 0; row < rows; row++) mean += x!.data[row * features + f]! / rows;
      let variance = 0;
      for (let row = 0; row < rows; row++)
        variance += (x!.data[row * features + f]! - mean) ** 2 / rows;
      const inverse = 1 / Math.sqrt(variance + epsilon);
      for (let i = f; i < rows * features; i += features)
        y!.data[i] = (x!.data[i]! - mean) * inverse;
      inverses!.data[f] = inverse;
      means!.data[f] = mean;
      variances!.data[f] = starts ? (variance * rows) / (rows - 1) : variance;
    }
    y!.data.fill(0, rows * features);
  },
};

export const batchNormalizeGradient: ReferenceKernel = {
  op: 'batchNormalizeGradient',
  run({ node, inputs: [y, inverse, dy, starts], outputs: [dx] }) {
    const [all, features] = y!.shape as [number, number];
    const rows = usedRows(node, starts?.data, all, 2);
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
    dx!.data.fill(0, rows * features);
  },
};
