import type { CodeBits } from '../../quantization/layout.js';
import { packCodes, unpackCodes } from '../../quantization/packing.js';
import { normalDistribution } from '../../random/normal.js';
import type { ReferenceKernel } from '../kernel.js';

export const fewBitGelu: ReferenceKernel<{ readonly bits: CodeBits }> = {
  op: 'fewBitGelu',
  run({ inputs: [x, thresholds], outputs: [y, packed], attributes: { bits } }) {
    const codes = Uint8Array.from(x!.data, (value) => {
      let code = 0;
      for (const threshold of thresholds!.data) if (value >= threshold) code++;
      return code;
    });
    packCodes(codes, bits, packed!.data, 0);
    for (let i = 0; i < y!.data.length; i++)
      y!.data[i] = x!.data[i]! * normalDistribution(x!.data[i]!);
  },
};

export const fewBitGeluGradient: ReferenceKernel<{ readonly bits: CodeBits }> = {
  op: 'fewBitGeluGradient',
  run({ inputs: [dy, packed, values], outputs: [dx], attributes: { bits } }) {
    const codes = unpackCodes(packed!.data, 0, bits, dy!.data.length);
    for (let i = 0; i < codes.length; i++) dx!.data[i] = dy!.data[i]! * values!.data[codes[i]!]!;
  },
};
