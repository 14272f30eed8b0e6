import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { input, newKey, permutation, trace, UsageError } from '../../src/index.js';
import { below } from '../../src/random/below.js';
import { createReferenceBackend } from '../../src/reference/index.js';

async function orders(rows: number, segments: number, steps: number): Promise<number[][]> {
  const graph = trace(() => ({
    order: permutation(rows, newKey(input('key', [2], 'i32')), { segments }),
  }));
  const backend = createReferenceBackend({ precision: 'f64' });
  const executable = await backend.compile(graph, { state: backend.createState() });
  const all: number[][] = [];
  for (let step = 0; step < steps; step++) {
    const { order } = await executable.runFloat64({ key: Int32Array.of(77, step) });
    all.push([...order!]);
  }
  return all;
}

describe('permutation', () => {
  it('has each row once in each of its segments', async () => {
    for (const [rows, segments] of [
      [1, 1],
      [2, 3],
      [37, 1],
      [16, 5],
    ] as const)
      for (const order of await orders(rows, segments, 5))
        for (let s = 0; s < segments; s++) {
          const segment = order.slice(s * rows, (s + 1) * rows);
          expect(segment.toSorted((a, b) => a - b)).toEqual([...segment.keys()]);
        }
  });

  it('draws all orders alike', async () => {
    const draws = 4800;
    const counts = new Map<string, number>();
    for (const order of await orders(4, 1, draws))
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
    expect(counts.size).toBe(24);
    const expected = draws / 24;
    let chiSquared = 0;
    for (const found of counts.values()) chiSquared += (found - expected) ** 2 / expected;
    // 23 degrees of freedom: passed by chance once in 1000 suites of other keys.
    expect(chiSquared).toBeLessThan(49.7);
  });

  it('draws segments and steps independently', async () => {
    const [first, second] = await orders(50, 2, 2);
    expect(first!.slice(0, 50)).not.toEqual(first!.slice(50));
    expect(first).not.toEqual(second);
  });

  it('is of whole numbers of rows and segments', () => {
    for (const [rows, segments] of [
      [-1, 1],
      [1.5, 1],
      [3, 0],
    ] as const)
      expect(() =>
        trace(() => ({
          order: permutation(rows, newKey(input('key', [2], 'i32')), { segments }),
        })),
      ).toThrow(UsageError);
  });
});

describe('a bounded number', () => {
  it('is the word as a fraction of the limit, exactly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        (word, limit) => {
          expect(below(word, limit)).toBe(Number((BigInt(word) * BigInt(limit)) >> 32n));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
