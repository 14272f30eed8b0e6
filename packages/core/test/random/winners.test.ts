import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseWinners } from '../../src/random/draw-rows.js';

const cases = fc
  .array(fc.oneof(fc.constantFrom(0, 1, 2), fc.double({ min: 0, max: 100, noNaN: true })), {
    minLength: 1,
    maxLength: 12,
  })
  .chain((weights) =>
    fc.record({
      weights: fc.constant(weights),
      count: fc.integer({ min: 1, max: weights.length }),
    }),
  );

describe('winners among rows', () => {
  it('are the heaviest, as many as leave each place that is drawn the least weight', () => {
    fc.assert(
      fc.property(cases, ({ weights, count }) => {
        const { order, rest, winners } = chooseWinners(weights, count);
        const heaviest = weights
          .map((weight, row) => ({ weight, row }))
          .sort((a, b) => b.weight - a.weight || a.row - b.row);
        expect([...order]).toEqual(heaviest.map(({ row }) => row));
        const left = (from: number) =>
          heaviest.slice(from).reduceRight((sum, { weight }) => sum + weight, 0);
        expect([...rest]).toEqual(Array.from({ length: weights.length + 1 }, (_, j) => left(j)));
        if (count === weights.length) {
          expect(winners).toBe(count);
          return;
        }
        // One place at least is drawn.
        expect(winners).toBeLessThan(count);
        const share = (c: number) => left(c) / (count - c);
        for (let c = 0; c < count; c++) {
          if (c < winners) expect(share(c)).toBeGreaterThan(share(winners));
          else expect(share(c)).toBeGreaterThanOrEqual(share(winners));
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    // 10 of 14 in one row: alone it leaves 4 for two places, drawn it leaves 14 for three.
    [[1, 10, 2, 1], 3, 1],
    [[1, 10, 8, 1], 3, 2],
    [[1, 1, 1, 1], 3, 0],
    [[0, 0, 0], 2, 0],
    [[5, 0, 0], 2, 1],
    [[3, 2], 2, 2],
  ])('of %j with %i places are %i', (weights, count, winners) => {
    expect(chooseWinners(weights, count).winners).toBe(winners);
  });
});
