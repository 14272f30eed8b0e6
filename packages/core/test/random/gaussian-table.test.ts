import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  GAUSSIAN_TABLE_SIZE,
  gaussianIndex,
  gaussianKurtosis,
  gaussianTable,
} from '../../src/index.js';

const mean = (power: number): number =>
  gaussianTable().reduce((sum, z) => sum + z ** power, 0) / GAUSSIAN_TABLE_SIZE;

describe('the Gaussian table', () => {
  it('is symmetric and rises', () => {
    const table = gaussianTable();
    expect(table.length).toBe(GAUSSIAN_TABLE_SIZE);
    for (let i = 0; i < table.length; i++) {
      expect(table[i]).toBe(-table[table.length - 1 - i]!);
      if (i > 0) expect(table[i]).toBeGreaterThan(table[i - 1]!);
    }
  });

  it('has mean 0, variance 1 and the kurtosis that it says', () => {
    expect(mean(1)).toBe(0);
    expect(Math.abs(mean(2) - 1)).toBeLessThan(1e-7);
    expect(Math.abs(gaussianKurtosis() - mean(4) / mean(2) ** 2)).toBeLessThan(1e-12);
    expect(gaussianKurtosis()).toBeGreaterThan(2.97);
    expect(gaussianKurtosis()).toBeLessThan(3);
  });

  it('has the bits that every executor draws', () => {
    const bytes = new Uint8Array(gaussianTable().buffer);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '87d2297bd6f503ad9b582cb87a6d8d21e20633747144ac688b90f4efcde6a2e8',
    );
  });

  it('takes five indices from disjoint bits of a block', () => {
    const used = [0, 0];
    for (let bit = 0; bit < 64; bit++) {
      const words = [0, 0];
      words[bit >> 5] = (1 << (bit & 31)) >>> 0;
      const indices = [0, 1, 2, 3, 4].map((slot) => gaussianIndex(words[0]!, words[1]!, slot));
      const hits = indices.filter((index) => index !== 0);
      expect(hits.length).toBeLessThanOrEqual(1);
      used[bit >> 5]! += hits.length;
    }
    // The top four bits of word 1 are left over.
    expect(used[0]! + used[1]!).toBe(60);
    for (let slot = 0; slot < 5; slot++) expect(gaussianIndex(-1, -1, slot)).toBe(0xfff);
  });
});
