import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lifetime, liveBytes, packArena } from '../../src/plan/arena.js';

const POSITIONS = 12;

const lifetimes = fc.array(
  fc
    .record({
      bytes: fc.nat(20).map((units) => 64 * units),
      first: fc.nat(POSITIONS - 1),
      duration: fc.nat(POSITIONS),
    })
    .map(({ bytes, first, duration }) => ({
      bytes,
      first,
      last: Math.min(first + duration, POSITIONS - 1),
    })),
  { maxLength: 40 },
);

const largest = (all: readonly Lifetime[]) =>
  liveBytes(all, POSITIONS).reduce((most, bytes) => Math.max(most, bytes), 0);

describe('the arena', () => {
  it('counts the bytes alive at each position', () => {
    fc.assert(
      fc.property(lifetimes, (all) => {
        const live = liveBytes(all, POSITIONS);
        for (let at = 0; at < POSITIONS; at++)
          expect(live[at]).toBe(
            all.reduce(
              (n, { bytes, first, last }) => n + (first <= at && at <= last ? bytes : 0),
              0,
            ),
          );
      }),
      { numRuns: 100 },
    );
  });

  it('never puts two that live at once in one place, and is no larger than it must be by far', () => {
    fc.assert(
      fc.property(lifetimes, (all) => {
        const { offsets, size } = packArena(all, largest(all));
        all.forEach((a, i) => {
          expect(offsets[i]! + a.bytes).toBeLessThanOrEqual(size);
          all.slice(i + 1).forEach((b, j) => {
            const other = offsets[i + 1 + j]!;
            const together = a.first <= b.last && b.first <= a.last;
            const overlap = offsets[i]! < other + b.bytes && other < offsets[i]! + a.bytes;
            expect(together && overlap).toBe(false);
          });
        });
        expect(size).toBeGreaterThanOrEqual(largest(all));
        expect(size).toBeLessThanOrEqual(1.5 * largest(all));
      }),
      { numRuns: 300 },
    );
  });

  it('is empty for nothing', () => {
    expect(packArena([], 0).size).toBe(0);
    expect(liveBytes([], 1)).toEqual(new Float64Array(1));
  });
});
