import { describe, expect, it } from 'vitest';
import { roundingBits } from '../../src/quantization/rounding.js';
import { uniform53 } from '../../src/random/draw-rows.js';
import { dropoutFactor } from '../../src/random/dropout-mask.js';
import { randomBlock } from '../../src/random/random-block.js';
import { randomSigns, randomWords } from '../../src/random/random-words.js';
import { threefry2x32 } from '../../src/random/threefry.js';

const [seed, step, stream] = [42, -7, 5];
const WORD = 2 ** 32;
const key = { shape: [2], data: Int32Array.of(seed, step) } as never;

/** What the definition says, written another way. */
const beyond = (carried: number, low: number): [number, number] => {
  const own = threefry2x32(seed, step, stream + 2 ** 31, carried);
  return threefry2x32(own[0], own[1], stream, low);
};

describe('randomBlock', () => {
  it("is Threefry's block below 2^32", () => {
    for (const block of [0, 1, 77, 2 ** 31, WORD - 1])
      expect(randomBlock(seed, step, stream, block)).toEqual(
        threefry2x32(seed, step, stream, block),
      );
  });

  it('is drawn under a key of its own from 2^32 on', () => {
    for (const [carried, low] of [
      [1, 0],
      [1, WORD - 1],
      [27, 12345],
      [2 ** 20, 3],
    ] as const)
      expect(randomBlock(seed, step, stream, carried * WORD + low)).toEqual(beyond(carried, low));
  });

  it('comes again nowhere around the edges', () => {
    const near = [0, WORD, 2 * WORD, 27 * WORD].flatMap((edge) =>
      Array.from({ length: 64 }, (_, i) => edge + i - (edge === 0 ? 0 : 32)),
    );
    const drawn = near.map((block) => randomBlock(seed, step, stream, block).join());
    expect(new Set(drawn).size).toBe(near.length);
  });
});

describe('streams of the reference beyond 2^32 blocks', () => {
  it('go on', () => {
    const [word0, word1] = beyond(1, 9);
    const block = WORD + 9;
    const word = randomWords(key, stream);
    expect([word(2 * block), word(2 * block + 1)]).toEqual([word0, word1]);
    const sign = randomSigns(key, stream);
    expect(sign(64 * block + 33)).toBe((word1 >>> 1) & 1 ? -1 : 1);
    const factor = dropoutFactor(key, stream, 30000);
    const bits = [word0 & 0xffff, word0 >>> 16, word1 & 0xffff, word1 >>> 16];
    expect([0, 1, 2, 3].map((slot) => factor(4 * block + slot) === 0)).toEqual(
      bits.map((drawn) => drawn < 30000),
    );
    expect(uniform53([seed, step], stream, block)).toBe(
      (word0 * 2 ** 21 + (word1 >>> 11)) / 2 ** 53,
    );
    // Row i takes blocks 2 i and 2 i + 1 of up to 64 features.
    const [even] = beyond(1, 8);
    expect(roundingBits([seed, step], stream, block / 2 - 0.5, 1)[0]).toBe(even >>> 16);
  });
});
