import { rotateRow, rotationSigns } from '../../quantization/rotation.js';
import type { ReferenceKernel } from '../kernel.js';

/** In double precision, but for the f32 number 1/√n, unless it stores 32 bits. */
export const rotateFeatures: ReferenceKernel<{
  readonly group: number;
  readonly inverse: boolean;
}> = {
  op: 'rotateFeatures',
  run({ inputs: [x], outputs: [y], attributes: { group, inverse } }) {
    const [rows, features] = x!.shape as [number, number];
    const signs = rotationSigns(features);
    for (let row = 0; row < rows; row++) {
      const values = Float64Array.from(x!.data.subarray(row * features, (row + 1) * features));
      rotateRow(values, signs, group, inverse);
      y!.data.set(values, row * features);
    }
  },
};
