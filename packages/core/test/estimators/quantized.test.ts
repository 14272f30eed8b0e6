import { describe, expect, it } from 'vitest';
import {
  add,
  alignUp,
  backward,
  exact,
  type GradientEstimator,
  gaussian,
  input,
  linear,
  newKey,
  parameter,
  planMemory,
  quantized,
  rmmQuantized,
  sum,
  trace,
  UsageError,
  type Value,
} from '../../src/index.js';
import { evaluator } from '../../src/reference/evaluate.js';
import { moments } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';
import { exactGradient, mean, standardError } from '../support/estimate.js';

const MIXED = [
  { bits: 4, share: 0.3 },
  { bits: 2, share: 0.2 },
  { bits: 1, share: 0.5 },
] as const;

const ESTIMATORS: Readonly<Record<string, GradientEstimator>> = {
  '1 bit': quantized({ bits: 1, group: 6 }),
  '2 bits, codes as they are': quantized({ bits: 2, group: 6, dither: false }),
  '3 bits, not rotated': quantized({ bits: 3, group: 5, rotate: false }),
  'mixed bits': quantized({ bits: MIXED, group: 8 }),
  'a sketch of 2 bits': rmmQuantized({ sketch: gaussian(), rate: 0.4, bits: 2, group: 6 }),
  'EXACT, 2 bits': exact({ bits: 2, projection: 3, group: 4 }),
  'EXACT, 1 bit, codes as they are': exact({ bits: 1, projection: 3, group: 4, dither: false }),
};

const [ROWS, INPUTS, OUTPUTS] = [10, 13, 2];
const x = draw(ROWS * INPUTS, 1).map((value, i) => Math.fround(value * (i < 40 ? 3 : 1) + 0.5));
const y = draw(ROWS * OUTPUTS, 2).map((value, i) => Math.fround(value * (i % 5)));
const priorities = draw(ROWS, 3, 0, 1);

const gradientOf = (estimator: GradientEstimator, features = INPUTS) =>
  evaluator(() => {
    const key = newKey(input('key', [2], 'i32'));
    const ranked = estimator.ranksRows ? input('priorities', [ROWS]) : undefined;
    const kept = estimator.keep(input('x', [ROWS, features]), key, ranked);
    return { w: estimator.weightGradient(kept, input('y', [ROWS, OUTPUTS]), key, features) };
  });

describe('estimators that keep codes', () => {
  for (const [name, estimator] of Object.entries(ESTIMATORS))
    it(`are unbiased and vary as they say: ${name}`, () => {
      const KEYS = 4000;
      const run = gradientOf(estimator);
      const exactly = Float64Array.from({ length: OUTPUTS * INPUTS }, (_, at) => {
        let total = 0;
        for (let row = 0; row < ROWS; row++)
          total += y[row * OUTPUTS + Math.floor(at / INPUTS)]! * x[row * INPUTS + (at % INPUTS)]!;
        return total;
      });
      const sums = new Float64Array(exactly.length);
      const squares = new Float64Array(exactly.length);
      const errors: number[] = [];
      for (let step = 0; step < KEYS; step++) {
        const given = { x, y, key: Int32Array.of(3, step) };
        const { w } = run(estimator.ranksRows ? { ...given, priorities } : given);
        let total = 0;
        w!.forEach((value, at) => {
          const error = value - exactly[at]!;
          sums[at]! += error;
          squares[at]! += error ** 2;
          total += error ** 2;
        });
        errors.push(total);
      }
      // 26 elements, seven estimators: 4.5 standard errors are passed by chance once in 800 suites.
      for (const [at, total] of sums.entries())
        expect(Math.abs(total / KEYS)).toBeLessThan((4.5 * Math.sqrt(squares[at]!)) / KEYS);
      const predicted = estimator.variance(moments(x, y, ROWS), priorities);
      // Where a part of it is averaged over draws, that average has an error of its own.
      const drawn = estimator.name.startsWith('quantized') ? 0 : 0.02 * predicted;
      const off = Math.abs(mean(errors) - predicted);
      expect(off).toBeLessThan(4 * standardError(errors) + drawn);
      // A formula that is wrong by a twelfth is always found out; without draws, by a fortieth.
      const told = estimator.name.startsWith('quantized') ? 0.006 : 0.016;
      expect(standardError(errors)).toBeLessThan(told * predicted);
    });

  for (const [name, estimator] of Object.entries(ESTIMATORS))
    it(`keep as many bytes as they say: ${name}`, () => {
      const plan = planMemory(
        trace(() => {
          const input2 = add(input('x', [ROWS, INPUTS]), input('x2', [ROWS, INPUTS]));
          const w = parameter('w', [OUTPUTS, INPUTS]);
          const key = { value: input('key', [2], 'i32'), stream: 0 };
          const loss = sum(linear(input2, w, undefined, { estimator, key, name: 'layer' }));
          const outputs: Record<string, Value> = { loss };
          backward(loss, [w], (_, gradient) => {
            outputs.w = gradient;
          });
          return outputs;
        }),
      );
      const kept = plan.kept.map(({ value }) => value.shape.reduce((n, size) => n * size, 4));
      expect(kept.reduce((total, bytes) => total + bytes, 0)).toBe(estimator.bytes([ROWS, INPUTS]));
      expect(plan.keptBytes).toBe(kept.reduce((total, bytes) => total + alignUp(bytes), 0));
    });

  it('EXACT adds (N − 1)/r · T and what rounding adds, on any number of features', () => {
    for (const [features, projection] of [
      [4, 2],
      [5, 5],
      [3, 1],
      [1, 1],
    ] as const) {
      const fewer = x.filter((_, i) => i % INPUTS < features);
      const found = moments(fewer, y, ROWS);
      const columns = Math.round(features / projection);
      // 8 bits: a part in a thousand is rounding's.
      const { variance } = exact({ bits: 8, projection });
      const ratio = (variance(found) * columns) / found.gradientNorm;
      expect(ratio, `${features} features`).toBeGreaterThanOrEqual(features - 1);
      expect(ratio, `${features} features`).toBeLessThan(features - 1 + 0.02);
    }
  });

  it('EXACT varies so: four features as two', () => {
    const features = 4;
    const fewer = Float64Array.from(x.filter((_, i) => i % INPUTS < features));
    const estimator = exact({ bits: 8, projection: 2 });
    const run = gradientOf(estimator, features);
    const predicted = estimator.variance(moments(fewer, y, ROWS));
    const exactly = exactGradient(fewer, Float64Array.from(y), ROWS);
    const errors = Array.from({ length: 4000 }, (_, step) =>
      run({ x: fewer, y, key: Int32Array.of(5, step) }).w!.reduce(
        (sum, value, at) => sum + (value - exactly[at]!) ** 2,
        0,
      ),
    );
    expect(Math.abs(mean(errors) - predicted)).toBeLessThan(4 * standardError(errors));
    expect(standardError(errors)).toBeLessThan(0.03 * predicted);
  });

  it('vary less with their dither subtracted, and never more', () => {
    // Anything, and what lies at codes: bags of two words, of which a few rows share one.
    const words = x.map((_, i) => (i % INPUTS === 1 || (i * 7) % INPUTS === 2 ? 1 : 0));
    for (const rotate of [true, false])
      for (const bits of [1, 2, 3, 4, 8] as const) {
        const variances = (of: readonly number[] | Float64Array) =>
          [true, false].map((dither) =>
            quantized({ bits, group: 8, rotate, dither }).variance(moments(of, y, ROWS)),
          ) as [number, number];
        const [less, more] = variances(x);
        // Two of a group's eight values lie at the ends of its range, which is more than in wide ones.
        expect(less / more, `${bits} bits, ${rotate}`).toBeLessThan(0.75);
        const [same, plain] = variances(words);
        expect(same).toBeLessThanOrEqual(plain);
        // Steps of 1 are bfloat16 numbers, thirds of it are not.
        if (!rotate && bits === 1) expect(plain).toBe(0);
      }
  });

  it('give rows that count more more bits', () => {
    const [estimator, given] = [ESTIMATORS['mixed bits']!, moments(x, y, ROWS)];
    const right = estimator.variance(given, given.yNorms);
    const wrong = estimator.variance(
      given,
      Array.from(given.yNorms, (norm) => 1 / (1e-9 + norm)),
    );
    expect(right).toBeLessThan(wrong / 2);
  });

  it('say what they cannot be', () => {
    const bad = (build: () => unknown, message: RegExp) => {
      expect(build).toThrow(UsageError);
      expect(build).toThrow(message);
    };
    bad(() => quantized({ bits: 5 as never }), /not 5/);
    bad(() => quantized({ bits: 2, group: 0 }), /group/);
    bad(() => quantized({ bits: [{ bits: 2, share: 0.4 }] }), /add up to 1/);
    bad(() => rmmQuantized({ sketch: gaussian(), rate: 0, bits: 2 }), /rate/);
    bad(
      () => exact({ bits: 2, projection: 0.5 }),
      /projection must be an integer of at least 1, but it is 0\.5/,
    );
    const large = moments(Float64Array.of(1, 3.402e38), Float64Array.of(1), 1);
    bad(() => quantized({ bits: 2, rotate: false }).variance(large), /bfloat16/);
  });
});
