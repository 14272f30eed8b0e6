import type { ReferenceKernel } from '../kernel.js';

export const linear: ReferenceKernel = {
  op: 'linear',
  run({ inputs: [x, w, b], outputs: [z] }) {
    const [rows, inputs] = x!.shape as [number, number];
    const outputs = w!.shape[0]!;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < outputs; j++) {
        let total = b ? b.data[j]! : 0;
        for (let l = 0; l < inputs; l++)
          total += x!.data[i * inputs + l]! * w!.data[j * inputs + l]!;
        z!.data[i * outputs + j] = total;
      }
  },
};
