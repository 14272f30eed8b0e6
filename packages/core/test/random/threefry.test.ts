import { describe, expect, it } from 'vitest';
import { threefry2x32, uniform } from '../../src/index.js';

const hex = ([a, b]: readonly [number, number]) =>
  `${a.toString(16).padStart(8, '0')} ${b.toString(16).padStart(8, '0')}`;

describe('threefry2x32', () => {
  it('gives the known answers of its authors', () => {
    expect(hex(threefry2x32(0, 0, 0, 0))).toBe('6b200159 99ba4efe');
    expect(hex(threefry2x32(-1, -1, -1, -1))).toBe('1cb996fc bb002be7');
    expect(hex(threefry2x32(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3))).toBe(
      'c4923a9c 483df7a0',
    );
  });

  it('takes signed and unsigned words alike', () => {
    expect(threefry2x32(0xffffffff, 0x80000000, 0xfffffffe, 3)).toEqual(
      threefry2x32(-1, -(2 ** 31), -2, 3),
    );
  });

  it('gives words whose bits are balanced and blocks that differ', () => {
    const ones = new Int32Array(64);
    const seen = new Set<string>();
    const draws = 4096;
    for (let block = 0; block < draws; block++) {
      const words = threefry2x32(1, 2, 3, block);
      seen.add(hex(words));
      for (let bit = 0; bit < 64; bit++) ones[bit]! += (words[bit >> 5]! >>> (bit & 31)) & 1;
    }
    expect(seen.size).toBe(draws);
    // Each count is binomial: five standard deviations are 160.
    for (const count of ones) expect(Math.abs(count - draws / 2)).toBeLessThan(160);
  });
});

describe('uniform', () => {
  it('takes the top 24 bits, exact in f32 and below 1', () => {
    expect(uniform(0)).toBe(0);
    expect(uniform(255)).toBe(0);
    expect(uniform(256)).toBe(2 ** -24);
    expect(uniform(0xffffffff)).toBe(1 - 2 ** -24);
    expect(Math.fround(uniform(0xffffffff))).toBe(uniform(0xffffffff));
  });
});
