import { partBegin } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { FAR } from './far.js';
import { distance, Kernels, numbers, THREADS } from './harness.js';

/** Rows, features and bins; the last on both sides of where rows are brought near. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [7, 5, 7],
  [40, 3, 9],
  [41, 16, 5],
  [64, 33, 2],
  ...FAR.map(([rows, features]) => [rows, features, 500] as const),
];

/** The i-th of n rows in an order that leaps about; 7919 is prime to every n here. */
const leap = (i: number, n: number): number => (i * 7919) % n;

describe.each(THREADS)('countBalanced on %i threads', (threads) => {
  it.each(SIZES)('deals %i rows of %i features out to %i bins', (n, features, bins) => {
    for (const blocks of [1, 2]) {
      const kernels = new Kernels(threads);
      const x = kernels.place(numbers(n * features, n));
      const order = kernels.place(Int32Array.from({ length: n }, (_, i) => leap(i, n)));
      const words = Int32Array.from({ length: Math.ceil(n / 32) }, (_, i) => i * 0x9e3779b9);
      const signs = kernels.place(words);
      const y = kernels.room(bins * features);
      const addresses = [x, order, signs, y].map(({ address }) => address);
      expect(kernels.run('countBalanced', ...addresses, n, bins, features, blocks)).toBe(0);

      const wanted = new Float64Array(bins * features);
      for (let block = 0; block < blocks; block++) {
        const firstBin = partBegin(bins, blocks, block);
        const count = partBegin(bins, blocks, block + 1) - firstBin;
        const first = partBegin(n, blocks, block);
        const rows = partBegin(n, blocks, block + 1) - first;
        for (let bin = 0; bin < count; bin++)
          for (let t = partBegin(rows, count, bin); t < partBegin(rows, count, bin + 1); t++) {
            const place = first + t;
            const sign = (words[place >> 5]! >>> (place & 31)) & 1 ? -1 : 1;
            for (let f = 0; f < features; f++)
              wanted[(firstBin + bin) * features + f]! +=
                sign * x.data[order.data[place]! * features + f]!;
          }
      }
      expect(distance(y.data, wanted)).toBeLessThan(1e-5);
    }
  });

  it.each(SIZES)('names the place of a row that is none, of %i × %i', (n, features, bins) => {
    const kernels = new Kernels(threads);
    const x = kernels.place(new Float32Array(n * features));
    const order = kernels.place(Int32Array.from({ length: n }, (_, i) => leap(i, n)));
    const signs = kernels.place(new Int32Array(Math.ceil(n / 32)));
    const y = kernels.room(bins * features);
    const addresses = [x, order, signs, y].map(({ address }) => address);
    for (const wrong of [n, -1]) {
      order.data[n - 2] = wrong;
      expect(kernels.run('countBalanced', ...addresses, n, bins, features, 1)).toBe(n - 1);
    }
  });
});
