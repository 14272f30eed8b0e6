import { describe, expect, it } from 'vitest';
import { distance, Kernels, LENGTHS, numbers, THREADS } from './harness.js';

const total = (x: ArrayLike<number>) => Array.from(x).reduce((a, b) => a + b, 0);

describe.each(THREADS)('on %i threads', (threads) => {
  it('sums over rows, the middle and all', () => {
    for (const [outer, n, inner] of [
      [0, 3, 2],
      [1, 1, 1],
      [3, 0, 5],
      [5, 17, 1],
      [4, 1000, 1],
      [1, 9, 100],
      [1, 33, 7],
      [3, 8, 21],
      [7, 5, 3],
      [2, 24, 64],
    ] as const) {
      const kernels = new Kernels(threads);
      const x = kernels.place(numbers(outer * n * inner, n + 1));
      const y = kernels.room(outer * inner);
      const expected = Array.from({ length: outer * inner }, (_, at) => {
        const [o, i] = [Math.floor(at / inner), at % inner];
        return total(Array.from({ length: n }, (_, k) => x.data[(o * n + k) * inner + i]!));
      });
      kernels.run('sumMiddle', x.address, y.address, outer, n, inner);
      expect(distance(y.data, expected)).toBeLessThan(5e-6);
      if (inner !== 1) continue;
      y.data.fill(Number.NaN);
      kernels.run('sumRows', x.address, y.address, outer, n);
      expect(distance(y.data, expected)).toBeLessThan(5e-6);
    }
  });

  it('adds up partial sums in their order', () => {
    for (const n of LENGTHS) {
      const kernels = new Kernels(threads);
      const stride = Math.ceil(n / 16) * 16;
      const sum = kernels.place(numbers(n, 1));
      const partials = kernels.place(numbers(stride * 3, 2));
      const expected = sum.data.map((value, i) =>
        [0, 1, 2].reduce((s, k) => Math.fround(s + partials.data[k * stride + i]!), value),
      );
      kernels.run('addPartialSums', sum.address, partials.address, stride * 4, 3, n);
      expect(sum.data).toEqual(expected);
    }
  });

  it('transposes', () => {
    for (const [m, n] of [
      [0, 5],
      [1, 1],
      [3, 50],
      [50, 3],
      [33, 33],
      [64, 48],
      [19, 100],
    ] as const) {
      const kernels = new Kernels(threads);
      const x = kernels.place(numbers(m * n));
      const y = kernels.room(m * n);
      kernels.run('transpose', x.address, y.address, m, n);
      expect([...y.data]).toEqual(
        Array.from({ length: m * n }, (_, at) => x.data[(at % m) * n + Math.floor(at / m)]!),
      );
    }
  });

  it('clears and accumulates', () => {
    for (const n of LENGTHS) {
      const kernels = new Kernels(threads);
      const sum = kernels.place(numbers(n, 1));
      const x = kernels.place(numbers(n, 2));
      const expected = sum.data.map((value, i) => value + x.data[i]!);
      kernels.run('accumulate', sum.address, x.address, n);
      expect(sum.data).toEqual(expected);
      kernels.run('clear', sum.address, n);
      expect(sum.data).toEqual(new Float32Array(n));
    }
  });

  it('gathers rows and adds them back', () => {
    for (const features of [1, 3, 16, 50, 130]) {
      const kernels = new Kernels(threads);
      const indices = kernels.place(Int32Array.of(4, 0, 4, 6, 4, 1, 0));
      const [rows, n] = [7, indices.data.length];
      const table = kernels.place(numbers(rows * features));
      const y = kernels.room(n * features);
      const at = [table, indices, y].map(({ address }) => address);
      expect(kernels.run('gather', ...at, rows, n, features)).toBe(0);
      expect([...y.data]).toEqual(
        [...indices.data].flatMap((index) => [
          ...table.data.subarray(index * features, (index + 1) * features),
        ]),
      );
      const sums = kernels.place(new Float32Array(rows * features));
      const expected = new Float32Array(rows * features);
      indices.data.forEach((index, i) => {
        for (let k = 0; k < features; k++)
          expected[index * features + k]! += y.data[i * features + k]!;
      });
      const back = [y, indices, sums].map(({ address }) => address);
      expect(kernels.run('scatterAdd', ...back, rows, n, features)).toBe(0);
      expect(sums.data).toEqual(expected);
    }
  });

  it('finds an index outside the table', () => {
    for (const bad of [-1, 3, -2147483648]) {
      const kernels = new Kernels(threads);
      const indices = kernels.place(Int32Array.of(0, 2, 1, bad, 0));
      const table = kernels.place(new Float32Array(3 * 4));
      const y = kernels.room(5 * 4);
      const at = [table, indices, y].map(({ address }) => address);
      expect(kernels.run('gather', ...at, 3, 5, 4)).toBe(4);
      const back = [y, indices, table].map(({ address }) => address);
      expect(kernels.run('scatterAdd', ...back, 3, 5, 4)).toBe(4);
    }
  });

  it('takes AdamW steps', () => {
    const settings = [0.01, 0.9, 0.98, 1e-6, 0.1, 1 - 0.9 ** 3, 1 - 0.98 ** 3, 0.5];
    const [rate, beta1, beta2, epsilon, decay, correction1, correction2, scale] = Float32Array.from(
      settings,
    ) as unknown as number[];
    for (const n of LENGTHS)
      for (const [decays, clip] of [
        [1, 0.3],
        [0, undefined],
      ] as const) {
        const kernels = new Kernels(threads);
        const parameter = kernels.place(numbers(n, 1));
        const gradient = kernels.place(numbers(n, 2));
        const first = kernels.place(numbers(n, 3));
        const second = kernels.place(numbers(n, 4).map(Math.abs));
        const expected = [...parameter.data].map((p, i) => {
          const g = gradient.data[i]! * scale! * (clip === undefined ? 1 : Math.fround(clip));
          const m = beta1! * first.data[i]! + (1 - beta1!) * g;
          const v = beta2! * second.data[i]! + (1 - beta2!) * g * g;
          const step = m / correction1! / (Math.sqrt(v / correction2!) + epsilon!);
          return [p - rate! * ((decays ? decay! * p : 0) + step), m, v] as const;
        });
        const at = [parameter, gradient, first, second].map(({ address }) => address);
        const factor = clip === undefined ? 0 : kernels.place(Float32Array.of(clip)).address;
        const numbersAt = kernels.place(Float32Array.from(settings)).address;
        kernels.run('adamw', ...at, numbersAt, factor, decays, n);
        for (const [k, tensor] of [parameter, first, second].entries())
          expect(
            distance(
              tensor.data,
              expected.map((values) => values[k]!),
            ),
          ).toBeLessThan(1e-6);
      }
  });
});

describe('sums of a whole tensor', () => {
  it.each(['sumBlocks', 'squareBlocks'])('%s is the same on any number of threads', (kernel) => {
    for (const n of [1, 5, 4096, 4097, 50001]) {
      const results = [1, 2, 3, 16].map((threads) => {
        const kernels = new Kernels(threads);
        const x = kernels.place(numbers(n));
        const partials = kernels.place(new Float64Array(Math.ceil(n / 4096)));
        const y = kernels.room(1);
        kernels.run(kernel, x.address, partials.address, n);
        kernels.run('addBlocks', partials.address, y.address, partials.data.length);
        const terms = kernel === 'sumBlocks' ? x.data : Array.from(x.data, (value) => value ** 2);
        expect(distance(y.data, [total(terms)])).toBeLessThan(2e-6);
        return y.data[0];
      });
      expect(new Set(results).size).toBe(1);
    }
  });

  it('the clipping factor is at most 1, and NaN for a norm that is none', () => {
    const factor = (squared: number, scale: number, limit: number) => {
      const kernels = new Kernels();
      const norm = kernels.place(Float32Array.of(squared));
      const settings = kernels.place(Float32Array.of(0, 0, 0, 0, 0, 0, 0, scale));
      const y = kernels.room(1);
      kernels.run('clipFactor', norm.address, settings.address, y.address, limit);
      return y.data[0]!;
    };
    expect(factor(0.25, 1, 1)).toBe(1);
    expect(factor(16, 1, 1)).toBeCloseTo(0.25, 5);
    expect(factor(16, 0.5, 1)).toBeCloseTo(0.5, 5);
    expect(factor(Number.NaN, 1, 1)).toBeNaN();
  });
});
