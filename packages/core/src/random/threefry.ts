const PARITY = 0x1bd11bda;

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/**
 * One block of Threefry2x32 with 20 rounds: two 32-bit words from a 64-bit key and a 64-bit
 * counter. Bit-exact on every executor; the same counter under the same key is the same block.
 *
 * Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Known answers:
 * key 0 counter 0 gives 6b200159 99ba4efe; all ones give 1cb996fc bb002be7.
 *
 * @returns two unsigned 32-bit integers
 */
export function threefry2x32(
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
 */
export const uniform = (word: number): number => (word >>> 8) / 0x1000000;
