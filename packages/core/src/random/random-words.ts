import { streamBlock } from './random-block.js';

/** What holds a key's numbers. */
export interface KeyData {
  /** (seed, step) */
  readonly data: ArrayLike<number>;
}

/**
 * Word number `at` of a stream, two words to a Threefry block.
 *
 * @param key (seed, step), i32 [2]
 */
export function randomWords(key: KeyData, stream: number): (at: number) => number {
  const { 0: seed, 1: step } = key.data;
  let drawn = -1;
  let words: [number, number] = [0, 0];
  return (at) => {
    const block = Math.floor(at / 2);
    if (block !== drawn) {
      words = streamBlock(seed!, step!, stream, block);
      drawn = block;
    }
    return words[at % 2]!;
  };
}

/** Signs from a stream's words, a bit each, the lowest of a word first: a set bit is −1. */
export function randomSigns(key: KeyData, stream: number): (at: number) => 1 | -1 {
  const word = randomWords(key, stream);
  return (at) => ((word(Math.floor(at / 32)) >>> (at % 32)) & 1 ? -1 : 1);
}
