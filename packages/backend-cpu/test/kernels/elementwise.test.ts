import { describe, expect, it } from 'vitest';
import { distance, Kernels, LENGTHS, numbers, THREADS } from './harness.js';

/** P(Z ≤ x) by its series or its continued fraction. */
function normalDistribution(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x > 3) return 1 - normalDistribution(-x);
  if (x < -3) {
    let fraction = 0;
    for (let k = 80; k >= 1; k--) fraction = k / (-x + fraction);
    return density / (-x + fraction);
  }
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-18; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + density * sum;
}

const normalDensity = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

interface Case {
  readonly kernel: string;
  readonly args?: readonly number[];
  readonly reference: (x: number) => number;
  readonly input?: (x: number) => number;
  /** Relative error allowed, with `floor` as the least magnitude it is relative to. */
  readonly tolerance: number;
  readonly floor?: number;
}

const cases: Case[] = [
  { kernel: 'scale', args: [-1.7], reference: (x) => x * Math.fround(-1.7), tolerance: 1e-7 },
  {
    kernel: 'squareRoot',
    input: Math.abs,
    reference: Math.sqrt,
    tolerance: 1e-7,
  },
  {
    kernel: 'exponential',
    input: (x) => x * 29,
    reference: Math.exp,
    tolerance: 1.5e-7,
    floor: 1e-37,
  },
  {
    kernel: 'logarithm',
    input: (x) => Math.exp(x * 28),
    reference: Math.log,
    tolerance: 1.5e-7,
    floor: 1e-3,
  },
  { kernel: 'logarithm', input: Math.abs, reference: Math.log, tolerance: 1.5e-7, floor: 1e-3 },
  { kernel: 'tanh', reference: Math.tanh, tolerance: 2e-7, floor: 1e-10 },
  { kernel: 'gelu', reference: (x) => x * normalDistribution(x), tolerance: 6e-7 },
  {
    kernel: 'gelu',
    input: (x) => 4 * x,
    reference: (x) => x * normalDistribution(x),
    tolerance: 1e-6,
  },
];

describe.each(THREADS)('on %i threads', (threads) => {
  it.each(cases)('$kernel is right at every length, in place and not', (c) => {
    const { kernel, args = [], reference, input = (x: number) => x, tolerance, floor } = c;
    for (const n of LENGTHS) {
      const kernels = new Kernels(threads);
      const data = numbers(n, n + 1).map((x) => input(x));
      const x = kernels.place(data);
      const y = kernels.room(n);
      const expected = Array.from(data, reference);
      kernels.run(kernel, x.address, y.address, n, ...args);
      expect(distance(y.data, expected, floor)).toBeLessThanOrEqual(tolerance);
      kernels.run(kernel, x.address, x.address, n, ...args);
      expect([...x.data]).toEqual([...y.data]);
    }
  });

  const gradients = [
    {
      kernel: 'geluGradient',
      derivative: (x: number) => normalDistribution(x) + x * normalDensity(x),
      tolerance: 3e-7,
    },
  ];
  it.each(gradients)('$kernel is right, over x, over dy and beside them', (c) => {
    for (const n of LENGTHS)
      for (const over of ['x', 'dy', 'neither']) {
        const kernels = new Kernels(threads);
        const x = kernels.place(numbers(n, n + 1, 6));
        const dy = kernels.place(numbers(n, n + 2, 1));
        const expected = Array.from(x.data, (value, i) => dy.data[i]! * c.derivative(value));
        const dx = over === 'x' ? x : over === 'dy' ? dy : kernels.room(n);
        kernels.run(c.kernel, x.address, dy.address, dx.address, n);
        expect(
          distance(
            dx.data.map((value) => value + 0),
            expected,
          ),
        ).toBeLessThanOrEqual(c.tolerance);
      }
  });
});

describe('far from the usual', () => {
  const apply = (kernel: string, ...values: number[]) => {
    const kernels = new Kernels();
    const x = kernels.place(Float32Array.from(values));
    kernels.run(kernel, x.address, x.address, values.length);
    return [...x.data];
  };
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

  it('exponential underflows to 0, overflows to infinity, keeps NaN', () => {
    expect(apply('exponential', -infinity, -1e30, -88, 0, -0, 89, 1e30, infinity, nan)).toEqual([
      0,
      0,
      0,
      1,
      1,
      infinity,
      infinity,
      infinity,
      nan,
    ]);
    expect(apply('exponential', 88.7)[0]! / Math.exp(Math.fround(88.7))).toBeCloseTo(1, 6);
    expect(apply('exponential', -87.3)[0]! / Math.exp(Math.fround(-87.3))).toBeCloseTo(1, 6);
  });

  it('logarithm has −∞ at 0, NaN below, and takes subnormal numbers', () => {
    const tiny = Math.fround(1e-42);
    const [zero, negative, subnormal, large, missing, one] = apply(
      'logarithm',
      0,
      -1,
      tiny,
      infinity,
      nan,
      1,
    );
    expect([zero, negative, large, missing, one]).toEqual([-infinity, nan, infinity, nan, 0]);
    expect(subnormal! / Math.log(tiny)).toBeCloseTo(1, 6);
  });

  it('tanh and GELU keep NaN and bear infinity', () => {
    expect(apply('tanh', infinity, -infinity, nan, 20, 0)).toEqual([1, -1, nan, 1, 0]);
    expect(apply('gelu', infinity, 50, nan, 0)).toEqual([infinity, 50, nan, 0]);
    for (const y of apply('gelu', -infinity, -50)) expect(Math.abs(y)).toBeLessThan(1e-6);
  });
});
