import { describe, expect, it } from 'vitest';
import { distance, Kernels, LENGTHS, numbers, THREADS } from './harness.js';

describe.each(THREADS)('on %i threads', (threads) => {
  it.each([1, 2, 3, 4])('codes of %i bits say which value is next, to the bit', (bits) => {
    for (const n of LENGTHS) {
      const kernels = new Kernels(threads);
      const count = 2 ** bits;
      const x = kernels.place(numbers(n, n + bits));
      const before = x.data.slice();
      const thresholds = kernels.place(
        Float32Array.from({ length: count - 1 }, (_, k) => (k + 1) * (6 / count) - 3),
      );
      const values = kernels.place(numbers(count, 5));
      const codes = kernels.place(new Int32Array(Math.ceil(n / 32) * bits));
      const dy = kernels.place(numbers(n, 9));
      const cotangents = dy.data.slice();
      const y = n % 2 ? x : kernels.room(n);
      const forward = [x, thresholds, y, codes].map(({ address }) => address);
      kernels.run('fewBitGelu', ...forward, n, bits);
      const plain = kernels.place(before);
      kernels.run('gelu', plain.address, plain.address, n);
      expect(distance(y.data, plain.data)).toBe(0);

      const dx = n % 2 ? dy : kernels.room(n);
      const backward = [dy, codes, values, dx].map(({ address }) => address);
      kernels.run('fewBitGeluGradient', ...backward, n, bits);
      const expected = cotangents.map((cotangent, i) => {
        const code = thresholds.data.filter((threshold) => before[i]! >= threshold).length;
        return Math.fround(cotangent * values.data[code]!);
      });
      expect(dx.data).toEqual(expected);
    }
  });

  it('what is missing of the last 32 codes is 0', () => {
    const kernels = new Kernels(threads);
    const x = kernels.place(new Float32Array(33).fill(9));
    const thresholds = kernels.place(new Float32Array(7));
    const codes = kernels.place(new Int32Array(6).fill(-1));
    const addresses = [x, thresholds, x, codes].map(({ address }) => address);
    kernels.run('fewBitGelu', ...addresses, 33, 3);
    expect([...codes.data]).toEqual([-1, -1, -1, 3, 0, 1]);
  });
});
