import type { CodeBits } from '../../quantization/layout.js';
import { unpackCodes } from '../../quantization/packing.js';
import type { ReferenceKernel } from '../kernel.js';

export const fewBitGeluGradient: ReferenceKernel<{ readonly bits: CodeBits }> = {
  op: 'fewBitGeluGradient',
  run({ inputs: [dy, packed, values], outputs: [dx], attributes: { bits } }) {
    const codes = unpackCodes(packed!.data, 0, bits, dy!.data.length);
    for (let i = 0; i < codes.length; i++) dx!.data[i] = dy!.data[i]! * values!.data[codes[i]!]!;
  },
};
