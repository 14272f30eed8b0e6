import * as kernels from '../kernels/dropout/kernel.js';
import { type Lowering, overElements, vectorsOf } from '../lowering.js';
import { dropoutUniforms } from '../wgsl/dropout.js';

export const dropout: Lowering<{ readonly threshold: number; readonly stream: number }> = {
  op: 'dropout',
  lower: ({ inputs: [x, key], outputs: [y], attributes }) => [
    overElements(kernels.dropout, vectorsOf(y!), {
      operands: { x, key, y },
      uniforms: dropoutUniforms(attributes),
    }),
  ],
};
