import { describe, expect, it } from 'vitest';
import { distance, Kernels, LENGTHS, numbers, THREADS } from './harness.js';

const SIZES = LENGTHS.filter((n) => n > 0 && n < 1000).map((n) => [n % 7, n] as const);
const mean = (x: ArrayLike<number>) => Array.from(x).reduce((a, b) => a + b, 0) / x.length;
const row = (x: Float32Array, r: number, n: number) => [...x.subarray(r * n, (r + 1) * n)];
const byRow = (rows: number, f: (r: number) => number[]) =>
  Array.from({ length: rows }, (_, r) => f(r)).flat();

describe.each(THREADS)('on %i threads', (threads) => {
  it('softmax', () => {
    for (const [rows, n] of SIZES) {
      const kernels = new Kernels(threads);
      const x = kernels.place(numbers(rows * n, n, 30));
      const y = kernels.room(rows * n);
      const expected = byRow(rows, (r) => {
        const values = row(x.data, r, n);
        const powers = values.map((value) => Math.exp(value - Math.max(...values)));
        const sum = powers.reduce((a, b) => a + b);
        return powers.map((power) => power / sum);
      });
      kernels.run('softmax', x.address, y.address, rows, n);
      expect(distance(y.data, expected)).toBeLessThan(1e-6);
      kernels.run('softmax', x.address, x.address, rows, n);
      expect(x.data).toEqual(y.data);
    }
  });

  it('normalize', () => {
    for (const [rows, n] of SIZES) {
      const kernels = new Kernels(threads);
      const x = kernels.place(numbers(rows * n, n).map((value) => value + 4));
      const y = kernels.room(rows * n);
      const inverse = kernels.room(rows);
      const factors = byRow(rows, (r) => {
        const values = row(x.data, r, n);
        return [1 / Math.sqrt(mean(values.map((v) => (v - mean(values)) ** 2)) + 0.1)];
      });
      const expected = byRow(rows, (r) => {
        const values = row(x.data, r, n);
        return values.map((v) => (v - mean(values)) * factors[r]!);
      });
      kernels.run('normalize', x.address, y.address, inverse.address, rows, n, 0.1);
      expect(distance(inverse.data, factors)).toBeLessThan(1e-6);
      expect(distance(y.data, expected)).toBeLessThan(3e-6);
      kernels.run('normalize', x.address, x.address, inverse.address, rows, n, 0.1);
      expect(x.data).toEqual(y.data);
    }
  });

  it('normalizeGradient, over y, over dy and beside them', () => {
    for (const [rows, n] of SIZES)
      for (const over of ['y', 'dy', 'neither']) {
        const kernels = new Kernels(threads);
        const y = kernels.place(numbers(rows * n, n));
        const dy = kernels.place(numbers(rows * n, n + 1));
        const inverse = kernels.place(numbers(rows, n + 2));
        const expected = byRow(rows, (r) => {
          const out = row(y.data, r, n);
          const cotangent = row(dy.data, r, n);
          const along = mean(cotangent.map((value, i) => value * out[i]!));
          return cotangent.map(
            (value, i) => inverse.data[r]! * (value - mean(cotangent) - out[i]! * along),
          );
        });
        const dx = over === 'y' ? y : over === 'dy' ? dy : kernels.room(rows * n);
        const addresses = [y, inverse, dy, dx].map(({ address }) => address);
        kernels.run('normalizeGradient', ...addresses, rows, n);
        expect(distance(dx.data, expected)).toBeLessThan(5e-6);
      }
  });

  it('affine', () => {
    for (const [rows, n] of SIZES) {
      const kernels = new Kernels(threads);
      const x = kernels.place(numbers(rows * n, n));
      const gain = kernels.place(numbers(n, n + 1));
      const bias = kernels.place(numbers(n, n + 2));
      const expected = Array.from(x.data, (v, i) => v * gain.data[i % n]! + bias.data[i % n]!);
      const addresses = [x, gain, bias, x].map(({ address }) => address);
      kernels.run('affine', ...addresses, rows, n);
      expect(distance(x.data, expected)).toBeLessThan(1e-6);
    }
  });

  it('affineGradient, over dy and beside it', () => {
    for (const [rows, n] of SIZES)
      for (const over of ['dy', 'neither']) {
        const kernels = new Kernels(threads);
        const x = kernels.place(numbers(rows * n, n));
        const gain = kernels.place(numbers(n, n + 1));
        const dy = kernels.place(numbers(rows * n, n + 2));
        const [dgain, dbias] = [kernels.room(n), kernels.room(n)];
        const expected = {
          dx: Array.from(dy.data, (value, i) => value * gain.data[i % n]!),
          dgain: new Array<number>(n).fill(0),
          dbias: new Array<number>(n).fill(0),
        };
        dy.data.forEach((value, i) => {
          expected.dgain[i % n]! += value * x.data[i]!;
          expected.dbias[i % n]! += value;
        });
        const dx = over === 'dy' ? dy : kernels.room(rows * n);
        const addresses = [x, gain, dy, dx, dgain, dbias].map(({ address }) => address);
        kernels.run('affineGradient', ...addresses, rows, n);
        expect(distance(dx.data, expected.dx)).toBeLessThan(1e-6);
        expect(distance(dgain.data, expected.dgain)).toBeLessThan(5e-6);
        expect(distance(dbias.data, expected.dbias)).toBeLessThan(5e-6);
      }
  });

  it('cross entropy and its gradient', () => {
    for (const [rows, n] of SIZES.filter(([rows]) => rows > 0)) {
      const kernels = new Kernels(threads);
      const logits = kernels.place(numbers(rows * n, n, 10));
      const labels = kernels.place(Int32Array.from({ length: rows }, (_, r) => (r * 5) % n));
      const probabilities = kernels.room(rows * n);
      const losses = kernels.room(rows);
      const loss = kernels.room(1);
      const addresses = [logits, labels, probabilities, losses].map(({ address }) => address);
      expect(kernels.run('crossEntropy', ...addresses, rows, n)).toBe(0);
      kernels.run('mean', losses.address, loss.address, rows);
      const expected = byRow(rows, (r) => {
        const powers = row(logits.data, r, n).map(Math.exp);
        const sum = powers.reduce((a, b) => a + b);
        return powers.map((power) => power / sum);
      });
      const surprise = byRow(rows, (r) => [-Math.log(expected[r * n + labels.data[r]!]!)]);
      expect(distance(probabilities.data, expected)).toBeLessThan(1e-6);
      expect(distance(loss.data, [mean(surprise)])).toBeLessThan(2e-6);

      const dloss = kernels.place(Float32Array.of(0.7));
      const inputs = [probabilities, labels, dloss, probabilities].map(({ address }) => address);
      expect(kernels.run('crossEntropyGradient', ...inputs, rows, n)).toBe(0);
      const gradient = expected.map(
        (p, i) => ((p - (i % n === labels.data[Math.floor(i / n)] ? 1 : 0)) * 0.7) / rows,
      );
      expect(distance(probabilities.data, gradient)).toBeLessThan(1e-6);
    }
  });
});

describe('bad input', () => {
  it.each([-1, 5, -2147483648])('label %i is found, with its position', (label) => {
    const kernels = new Kernels(3);
    const rows = kernels.place(new Float32Array(4 * 5));
    const labels = kernels.place(Int32Array.of(0, 4, 2, label));
    const out = kernels.room(20);
    const losses = kernels.room(4);
    const forward = [rows, labels, out, losses].map(({ address }) => address);
    expect(kernels.run('crossEntropy', ...forward, 4, 5)).toBe(4);
    const backward = [rows, labels, losses, out].map(({ address }) => address);
    expect(kernels.run('crossEntropyGradient', ...backward, 4, 5)).toBe(4);
  });

  it('a NaN makes its row of a softmax NaN and leaves the others', () => {
    const kernels = new Kernels();
    const x = kernels.place(Float32Array.of(1, Number.NaN, 2, 1, 1, 1));
    kernels.run('softmax', x.address, x.address, 2, 3);
    expect([...x.data.subarray(0, 3)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(distance(x.data.subarray(3), [1 / 3, 1 / 3, 1 / 3])).toBeLessThan(1e-6);
  });

  it('a softmax gives 0 to −∞', () => {
    const kernels = new Kernels();
    const x = kernels.place(Float32Array.of(-Infinity, 3, -Infinity, 3, -Infinity));
    kernels.run('softmax', x.address, x.address, 1, 5);
    expect([...x.data]).toEqual([0, 0.5, 0, 0.5, 0]);
  });
});
