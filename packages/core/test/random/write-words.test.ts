import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomBlock } from '../../src/index.js';
import { writeWords } from '../../src/random/write-words.js';

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

it('writes the blocks that are drawn one by one, over the end of those under the own key too', () => {
  const firsts = fc.oneof(
    fc.nat(2 ** 31 - 1),
    fc.integer({ min: 2 ** 32 - 4, max: 2 ** 32 + 2 }),
    fc.integer({ min: 2 ** 31 - 3, max: 2 ** 31 }),
  );
  fc.assert(
    fc.property(word, word, fc.nat(2 ** 31 - 1), firsts, (seed, step, stream, first) => {
      const words = new Int32Array(10);
      writeWords(words, Int32Array.of(seed, step), stream, first);
      const wanted = [0, 1, 2, 3, 4].flatMap((at) => randomBlock(seed, step, stream, first + at));
      expect([...words].map((each) => each >>> 0)).toEqual(wanted);
    }),
  );
});
