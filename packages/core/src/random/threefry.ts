import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';

const PARITY = 0x1bd11bda;

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** Whether it is an integer of 32 bits, signed or unsigned. */
export const isWord = (value: unknown): boolean =>
  typeof value === 'number' && ((value | 0) === value || value >>> 0 === value);

/** @throws UsageError naming the first that is no 32-bit integer */
export function checkWords(of: string, words: Readonly<Record<string, unknown>>): void {
  for (const [name, word] of Object.entries(words))
    if (!isWord(word))
      throw new UsageError(
        `${of}'s ${name} must be a 32-bit integer, from -2147483648 to 4294967295, but it is ${describeValue(word)}`,
      );
}

/**
 * One block of Threefry2x32 with 20 rounds: two 32-bit words from a 64-bit key and a 64-bit
 * counter. Bit-exact on every executor; the same counter under the same key is the same block.
 *
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Known answers:
 * key 0 counter 0 gives 6b200159 99ba4efe; all ones give 1cb996fc bb002be7.
 *
 * @returns two unsigned 32-bit integers
 * @throws UsageError for what is no 32-bit integer, signed or unsigned
 */
export function threefry2x32(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
): [number, number] {
  if (!(isWord(key0) && isWord(key1) && isWord(counter0) && isWord(counter1)))
    checkWords('threefry2x32', { key0, key1, counter0, counter1 });
  return threefryBlock(key0, key1, counter0, counter1);
}

/** {@link threefry2x32} for executors, whose words are 32-bit integers and which draw block by block. */
export function threefryBlock(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
): [number, number] {
  // The key's three words, in the order in which the rounds add them.
  let now = key1;
  let next = key0 ^ key1 ^ PARITY;
  let later = key0;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  for (let group = 1; group <= 5; group++) {
    const odd = (group & 1) === 1;
    x0 = (x0 + x1) | 0;
    x1 = rotateLeft(x1, odd ? 13 : 17) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotateLeft(x1, odd ? 15 : 29) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotateLeft(x1, odd ? 26 : 16) ^ x0;
    x0 = (x0 + x1) | 0;
    x1 = rotateLeft(x1, odd ? 6 : 24) ^ x0;
    x0 = (x0 + now) | 0;
    x1 = (x1 + next + group) | 0;
    [now, next, later] = [next, later, now];
  }
  return [x0 >>> 0, x1 >>> 0];
}

/**
 * The top 24 bits of a word as a number in [0, 1), exact in f32.
 * @throws UsageError for what is no 32-bit integer, signed or unsigned
 */
export function uniform(word: number): number {
  if (!isWord(word)) checkWords('uniform', { word });
  return (word >>> 8) / 0x1000000;
}
