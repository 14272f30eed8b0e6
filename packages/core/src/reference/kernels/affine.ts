import type { ReferenceKernel } from '../kernel.js';

export const affine: ReferenceKernel = {
  op: 'affine',
  run({ inputs: [x, gain, bias], outputs: [y] }) {
    const features = x!.shape[1]!;
    for (let i = 0; i < y!.data.length; i++)
      y!.data[i] = x!.data[i]! * gain!.data[i % features]! + bias!.data[i % features]!;
  },
};

export const affineGradient: ReferenceKernel = {
  op: 'affineGradient',
  run({ inputs: [x, gain, dy], outputs: [dx, dgain, dbias] }) {
    const features = x!.shape[1]!;
    const gainTotal = new Float64Array(features);
    const biasTotal = new Float64Array(features);
    for (let i = 0; i < dx!.data.length; i++) {
      const feature = i % features;
      const cotangent = dy!.data[i]!;
      gainTotal[feature]! += cotangent * x!.data[i]!;
      biasTotal[feature]! += cotangent;
      dx!.data[i] = cotangent * gain!.data[feature]!;
    }
    dgain!.data.set(gainTotal);
    dbias!.data.set(biasTotal);
  },
};
