import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataOrder } from '../src/index.js';

const word = fc.nat({ max: 0xffffffff });

describe('dataOrder', () => {
  it('is a permutation', () => {
    fc.assert(
      fc.property(word, word, fc.nat({ max: 300 }), (seed, epoch, count) => {
        const sorted = dataOrder(seed, epoch, count).sort();
        expect([...sorted]).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  it('is the same wherever and whenever it is asked for', () => {
    // From a second implementation, in Python with exact integers. Other numbers would make runs
    // of older versions impossible to resume.
    expect([...dataOrder(42, 0, 10)]).toEqual([2, 3, 9, 8, 4, 7, 0, 1, 5, 6]);
    expect([...dataOrder(42, 1, 10)]).toEqual([5, 9, 4, 7, 8, 6, 3, 0, 2, 1]);
  });

  it('differs by epoch and by seed', () => {
    const order = (seed: number, epoch: number) => dataOrder(seed, epoch, 50).join();
    expect(new Set([order(0, 0), order(0, 1), order(1, 0), order(1, 1)]).size).toBe(4);
  });

  it('draws every order equally often', () => {
    const times = new Map<string, number>();
    const draws = 24 * 400;
    for (let seed = 0; seed < draws; seed++) {
      const order = dataOrder(seed, 3, 4).join();
      times.set(order, (times.get(order) ?? 0) + 1);
    }
    let chiSquared = 0;
    for (const count of times.values()) chiSquared += (count - 400) ** 2 / 400;
    expect(times.size).toBe(24);
    // The 99.9th percentile of chi-squared with 23 degrees of freedom.
    expect(chiSquared).toBeLessThan(49.73);
  });

  it('refuses what is not an unsigned 32-bit integer', () => {
    expect(() => dataOrder(-1, 0, 5)).toThrow('seed must be an integer from 0 to 4294967295');
    expect(() => dataOrder(0, 0.5, 5)).toThrow('epoch must be an integer');
    expect(() => dataOrder(0, 0, 2 ** 32)).toThrow('but it is 4294967296');
  });
});
