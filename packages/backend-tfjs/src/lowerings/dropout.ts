import { bytesOf, type Lowering } from '../lowering.js';

export const dropout: Lowering<{ readonly threshold: number; readonly stream: number }> = {
  op: 'dropout',
  scratchBytes: ({ inputs: [x] }) => bytesOf(x!),
  lower([x, key], { attributes }, { tf, read, upload, host }) {
    const { size, shape } = x!;
    const row = { at: 0, first: 0, rows: 1, run: size, width: size };
    const factors = host.dropoutFactors(size, [row], { key: read(key!), ...attributes });
    return [tf.mul(x!, upload(factors, shape))];
  },
};
