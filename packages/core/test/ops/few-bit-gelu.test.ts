import { describe, expect, it } from 'vitest';
import { geluDerivative, geluSteps } from '../../src/approximation/gelu-derivative.js';
import { fitSteps } from '../../src/approximation/piecewise-constant.js';
import {
  backward,
  fewBitGelu,
  GELU_BITS,
  type GeluBits,
  gelu,
  input,
  multiply,
  planMemory,
  scale,
  sum,
  trace,
  UsageError,
  type Value,
} from '../../src/index.js';
import { normalDensity } from '../../src/random/normal.js';
import { createReferenceBackend } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';

/** The weighted mean square of `step` − derivative, on a grid finer than the fit's own. */
function errorOf(step: (x: number) => number): number {
  let [error, weight] = [0, 0];
  for (let x = -7.5; x <= 7.5; x += 0.001) {
    const w = normalDensity(x / 1.5);
    error += w * (step(x) - geluDerivative(x)) ** 2;
    weight += w;
  }
  return error / weight;
}

const stepAt = (bits: GeluBits) => {
  const { thresholds, values } = geluSteps(bits);
  return (x: number) => values[thresholds.filter((threshold) => x >= threshold).length]!;
};

describe('steps for the derivative of GELU', () => {
  it('of one bit are the best that two values can be', () => {
    let least = Number.POSITIVE_INFINITY;
    for (let threshold = -2; threshold <= 2; threshold += 0.02) {
      const sums = [0, 0, 0, 0];
      for (let x = -7.5; x <= 7.5; x += 0.005) {
        const side = x < threshold ? 0 : 2;
        sums[side]! += normalDensity(x / 1.5);
        sums[side + 1]! += normalDensity(x / 1.5) * geluDerivative(x);
      }
      const [low, high] = [sums[1]! / sums[0]!, sums[3]! / sums[2]!];
      least = Math.min(
        least,
        errorOf((x) => (x < threshold ? low : high)),
      );
    }
    const found = errorOf(stepAt(1));
    expect(found).toBeLessThan(least * 1.01);
    expect(found).toBeGreaterThan(least * 0.97);
  }, 20_000);

  it('come as near as they say, nearer with each bit', () => {
    const square = errorOf(() => 0);
    const relative = GELU_BITS.map((bits) => Math.sqrt(errorOf(stepAt(bits)) / square));
    const stated = [0.255, 0.113, 0.063, 0.033];
    stated.forEach((error, i) => {
      expect(relative[i]).toBeCloseTo(error, 2);
    });
    for (const bits of GELU_BITS)
      expect(geluSteps(bits).error).toBeCloseTo(errorOf(stepAt(bits)), 3);
  });

  it('are steps: thresholds rise and stand between neighbours', () => {
    for (const bits of GELU_BITS) {
      const { thresholds, values } = geluSteps(bits);
      expect(values).toHaveLength(2 ** bits);
      expect([...thresholds]).toEqual([...thresholds].sort((a, b) => a - b));
      thresholds.forEach((threshold, k) => {
        const middle = (values[k]! + values[k + 1]!) / 2;
        expect(Math.abs(geluDerivative(threshold) - middle)).toBeLessThan(0.03);
      });
    }
  });

  it('are exact for what is a step function itself', () => {
    const grid = Float64Array.from({ length: 40 }, (_, i) => i);
    const targets = grid.map((x) => (x < 7 ? 2 : x < 31 ? -1 : 5));
    const weights = grid.map((x) => 1 + (x % 3));
    const { thresholds, values, error } = fitSteps(grid, targets, weights, 3);
    expect([...thresholds]).toEqual([6.5, 30.5]);
    values.forEach((value, k) => {
      expect(value).toBeCloseTo([2, -1, 5][k]!, 12);
    });
    expect(error).toBeLessThan(1e-12);
  });
});

describe('fewBitGelu', () => {
  const [ROWS, FEATURES] = [40, 33];
  const graph = (apply: (x: Value) => Value) =>
    trace(() => {
      const x = input('x', [ROWS, FEATURES]);
      const y = apply(scale(x, 1));
      const outputs: Record<string, Value> = { y };
      backward(sum(multiply(y, input('dy', [ROWS, FEATURES]))), [x], (_, dx) => {
        outputs.dx = dx;
      });
      return outputs;
    });
  const run = async (built: ReturnType<typeof graph>) => {
    const backend = createReferenceBackend({ precision: 'f64' });
    const executable = await backend.compile(built, { state: backend.createState() });
    const x = draw(ROWS * FEATURES, 3, -5, 5);
    return executable.runFloat64({ x, dy: draw(ROWS * FEATURES, 4) });
  };

  it('is GELU, and has steps near its derivative for a gradient', async () => {
    const exact = await run(graph(gelu));
    for (const bits of GELU_BITS) {
      const { y, dx } = await run(graph((x) => fewBitGelu(x, { bits })));
      expect(y).toEqual(exact.y);
      const dy = draw(ROWS * FEATURES, 4);
      const x = draw(ROWS * FEATURES, 3, -5, 5);
      dx!.forEach((value, i) => {
        expect(value).toBeCloseTo(dy[i]! * stepAt(bits)(x[i]!), 6);
      });
    }
  });

  it('keeps its bits and no more', () => {
    for (const bits of GELU_BITS) {
      const kept = planMemory(graph((x) => fewBitGelu(x, { bits }))).kept;
      expect(kept.map(({ value }) => value.shape)).toEqual([
        [Math.ceil((ROWS * FEATURES) / 32) * bits],
      ]);
    }
  });

  it('has 1 to 4 bits', () => {
    for (const bits of [0, 5, 8, 2.5, Number.NaN])
      expect(() =>
        trace(() => ({ y: fewBitGelu(input('x', [3]), { bits: bits as GeluBits }) })),
      ).toThrow(UsageError);
  });
});
