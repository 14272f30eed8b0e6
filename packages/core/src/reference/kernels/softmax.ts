import type { ReferenceKernel } from '../kernel.js';

export const softmax: ReferenceKernel = {
  op: 'softmax',
  run({ inputs: [x], outputs: [y] }) {
    const n = x!.shape.at(-1)!;
    for (let start = 0; start < y!.data.length; start += n) {
      const row = Float64Array.from(x!.data.subarray(start, start + n));
      const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const powers = row.map((value) => Math.exp(value - largest));
      const total = powers.reduce((a, b) => a + b, 0);
      for (let i = 0; i < n; i++) y!.data[start + i] = powers[i]! / total;
    }
  },
};
