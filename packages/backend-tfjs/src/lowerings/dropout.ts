import { bytesOf, type Lowering } from '../lowering.js';
import { writeDropoutFactors } from '../random/dropout-factors.js';

export const dropout: Lowering<{ readonly threshold: number; readonly stream: number }> = {
  op: 'dropout',
  scratchBytes: ({ inputs: [x] }) => bytesOf(x!),
  lower([x, key], { attributes }, { tf, read, upload }) {
    const factors = new Float32Array(x!.size);
    writeDropoutFactors(factors, [0, factors.length], 0, { key: read(key!), ...attributes });
    return [tf.mul(x!, upload(factors, x!.shape))];
  },
};
