import { describe, expect, it } from 'vitest';
import { Kernels, LENGTHS, numbers, THREADS } from './harness.js';

const words = (n: number) => Math.ceil(n / 32);
const bitOf = (bits: Int32Array, e: number) => (bits[e >> 5]! >> (e & 31)) & 1;

describe.each(THREADS)('on %i threads', (threads) => {
  it('relu gives a bit for each element, over x and beside it', () => {
    for (const n of [...LENGTHS, 1025, 2000]) {
      const kernels = new Kernels(threads);
      const x = kernels.place(numbers(n, n + 1));
      const y = kernels.room(n);
      const bits = kernels.place(new Int32Array(words(n)).fill(-1));
      const expected = Array.from(x.data, (value) => Math.max(value, 0));
      const positive = Array.from(x.data, (value) => Number(value > 0));
      kernels.run('relu', x.address, y.address, bits.address, n);
      expect([...y.data]).toEqual(expected);
      const all = Array.from({ length: 32 * words(n) }, (_, e) => bitOf(bits.data, e));
      expect(all.slice(0, n)).toEqual(positive);
      expect(all.slice(n).every((bit) => bit === 0)).toBe(true);
      kernels.run('relu', x.address, x.address, bits.address, n);
      expect([...x.data]).toEqual(expected);
    }
  });

  it('relu keeps NaN, with a bit of 0', () => {
    const kernels = new Kernels(threads);
    const infinity = Number.POSITIVE_INFINITY;
    const x = kernels.place(Float32Array.of(Number.NaN, infinity, -infinity, -0, 1e-45));
    const bits = kernels.place(Int32Array.of(0));
    kernels.run('relu', x.address, x.address, bits.address, 5);
    expect([...x.data.subarray(0, 3)]).toEqual([Number.NaN, infinity, 0]);
    expect(bits.data[0]).toBe(0b10010);
  });

  it('reluGradient reads the bits, over dy and beside it', () => {
    for (const n of [...LENGTHS, 1025, 2000]) {
      const kernels = new Kernels(threads);
      const bits = kernels.place(Int32Array.from({ length: words(n) }, (_, i) => i * 0x9e3779b9));
      const dy = kernels.place(numbers(n, n + 2));
      const dx = kernels.room(n);
      const expected = Array.from(dy.data, (value, e) => (bitOf(bits.data, e) ? value : 0));
      kernels.run('reluGradient', bits.address, dy.address, dx.address, n);
      expect([...dx.data]).toEqual(expected);
      kernels.run('reluGradient', bits.address, dy.address, dy.address, n);
      expect([...dy.data]).toEqual(expected);
    }
  });
});
