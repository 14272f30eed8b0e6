import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestTrades, type Cost } from '../../src/search/best-trades.js';

const costs = fc.record({
  bytes: fc.integer({ min: 0, max: 60 }),
  variance: fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e6, noNaN: true })),
});
const problems = fc.array(fc.array(costs, { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 5,
});

/** Every choice there is. */
function* everyChoice(layers: readonly (readonly Cost[])[]): Iterable<Cost> {
  const [first, ...others] = layers;
  if (!first) yield { bytes: 0, variance: 0 };
  else
    for (const { bytes, variance } of first)
      for (const rest of everyChoice(others))
        yield { bytes: bytes + rest.bytes, variance: variance + rest.variance };
}

describe('the best trades', () => {
  it('are as good as an exhaustive search at any budget', () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 0, max: 300 }), (layers, budget) => {
        let least = Number.POSITIVE_INFINITY;
        for (const { bytes, variance } of everyChoice(layers))
          if (bytes <= budget) least = Math.min(least, variance);
        const best = bestTrades(layers).findLast(({ bytes }) => bytes <= budget);
        const found = best?.variance ?? Number.POSITIVE_INFINITY;
        if (least === Number.POSITIVE_INFINITY) expect(found).toBe(least);
        else expect(Math.abs(found - least)).toBeLessThanOrEqual(1e-9 * least);
      }),
    );
  });

  it('are none that another is no worse than', () => {
    fc.assert(
      fc.property(problems, (layers) => {
        const trades = bestTrades(layers);
        for (const [at, { bytes, variance }] of trades.entries()) {
          const next = trades[at + 1];
          if (!next) continue;
          expect(next.bytes).toBeGreaterThan(bytes);
          expect(next.variance).toBeLessThan(variance);
        }
      }),
    );
  });

  it('cost what their picks cost', () => {
    fc.assert(
      fc.property(problems, (layers) => {
        for (const trade of bestTrades(layers)) {
          const picked = trade.picks().map((pick, layer) => layers[layer]![pick]!);
          expect(picked).toHaveLength(layers.length);
          expect(picked.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(trade.bytes);
          expect(picked.reduce((sum, { variance }) => sum + variance, 0)).toBe(trade.variance);
        }
      }),
    );
  });

  it('stay within 2 % of the least where there are too many to hold', () => {
    // Byte sums that are all different: 2 ** 16 choices that nothing dominates.
    const layers = Array.from({ length: 16 }, (_, i) => [
      { bytes: 0, variance: 3 * 2 ** i },
      { bytes: 3 * 2 ** i, variance: 0 },
    ]);
    const trades = bestTrades(layers);
    expect(trades.length).toBeLessThan(2 ** 16);
    const all = 3 * (2 ** 16 - 1);
    for (let budget = 0; budget <= all; budget += 997) {
      const found = trades.findLast(({ bytes }) => bytes <= budget)!;
      const least = all - 3 * Math.floor(budget / 3);
      expect(found.variance).toBeLessThanOrEqual(1.02 * least);
    }
  });
});
