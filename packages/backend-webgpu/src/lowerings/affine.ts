import { elements } from '@sketchgrad/core';
import * as kernels from '../kernels/affine/kernel.js';
import { type Lowering, overElements } from '../lowering.js';
import { binaryOver } from './element-wise.js';
import { reduced, reductionScratch } from './reduction.js';

export const affine: Lowering = {
  op: 'affine',
  lower: ({ inputs: [x, gain, bias], outputs: [y] }) => [
    overElements(kernels.affine, elements(y!), {
      operands: { x, gain, bias, y },
      uniforms: { features: x!.shape[1]! },
    }),
  ],
};

const extent = ([rows, features]: readonly number[]) => ({
  ...{ outer: 1, size: rows!, inner: features! },
});

export const affineGradient: Lowering = {
  op: 'affineGradient',
  scratch: ({ inputs: [x] }, abilities) => reductionScratch(extent(x!.shape), abilities),
  // dx may lie over dy, and comes last.
  lower({ inputs: [x, gain, dy], outputs: [dx, dgain, dbias] }, context) {
    const of = extent(x!.shape);
    return [
      ...reduced({ ...of, terms: 'products', a: dy, b: x, y: dgain }, context),
      ...reduced({ ...of, terms: 'values', a: dy, y: dbias }, context),
      binaryOver('multiply', { a: dy!, b: gain!, y: dx! }),
    ];
  },
};
