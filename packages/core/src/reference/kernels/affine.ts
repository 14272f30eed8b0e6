import type { ReferenceKernel } from '../kernel.js';

export const affine: ReferenceKernel = {
  op: 'affine',
  run({ inputs: [x, gain, bias], outputs: [y] }) {
    const features = x!.shape[1]!;
    for (let i = 0; i < y!.data.length; i++)
      y!.data[i] = x!.data[i]! * gain!.data[i % features]! + bias!.data[i % features]!;
  },
};
