import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lifetime, liveBytes, packBuffers } from '../../src/plan/arena.js';

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

/** No two that live at once share a byte, and all lie within their buffers. */
function expectApart(
  all: readonly Lifetime[],
  { buffers, offsets, sizes }: ReturnType<typeof packBuffers>,
): void {
  all.forEach((a, i) => {
    const offset = offsets[i]!;
    expect(offset + a.bytes).toBeLessThanOrEqual(sizes[buffers[i]!]!);
    all.slice(i + 1).forEach((b, j) => {
      const other = offsets[i + 1 + j]!;
      const together = a.first <= b.last && b.first <= a.last;
      const overlap =
        buffers[i] === buffers[i + 1 + j] && offset < other + b.bytes && other < offset + a.bytes;
      expect(together && overlap).toBe(false);
    });
  });
}

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
        const packed = packBuffers(all, largest(all), Number.POSITIVE_INFINITY);
        const { sizes, bytes } = packed;
        expectApart(all, packed);
        expect(sizes.length).toBe(Math.min(all.length, 1));
        expect(bytes).toBeGreaterThanOrEqual(largest(all));
        expect(bytes).toBeLessThanOrEqual(1.5 * largest(all));
      }),
      { numRuns: 300 },
    );
  });

  it('is several buffers where one may not hold it all', () => {
    fc.assert(
      fc.property(lifetimes, fc.integer({ min: 20, max: 60 }), (all, units) => {
        const packed = packBuffers(all, largest(all), 64 * units);
        const { buffers, sizes, bytes } = packed;
        expectApart(all, packed);
        for (const size of sizes) expect(size).toBeLessThanOrEqual(64 * units);
        expect(bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
        // A buffer is begun only where those before have no gap, so that it is not left empty.
        for (const buffer of sizes.keys()) expect(buffers).toContain(buffer);
      }),
      { numRuns: 300 },
    );
  });

  it('is empty for nothing', () => {
    expect(packBuffers([], 0, 64)).toMatchObject({ sizes: [], bytes: 0 });
    expect(liveBytes([], 1)).toEqual(new Float64Array(1));
  });
});
