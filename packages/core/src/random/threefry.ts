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
  const key2 = key0 ^ key1 ^ PARITY;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  const round = (bits: number) => {
    x0 = (x0 + x1) | 0;
    x1 = rotateLeft(x1, bits) ^ x0;
  };
  const even = () => {
    round(13);
    round(15);
    round(26);
    round(6);
  };
  const odd = () => {
    round(17);
    round(29);
    round(16);
    round(24);
  };
  even();
  x0 = (x0 + key1) | 0;
  x1 = (x1 + key2 + 1) | 0;
  odd();
  x0 = (x0 + key2) | 0;
  x1 = (x1 + key0 + 2) | 0;
  even();
  x0 = (x0 + key0) | 0;
  x1 = (x1 + key1 + 3) | 0;
  odd();
  x0 = (x0 + key1) | 0;
  x1 = (x1 + key2 + 4) | 0;
  even();
  x0 = (x0 + key2) | 0;
  x1 = (x1 + key0 + 5) | 0;
  return [x0 >>> 0, x1 >>> 0];
}

/**
 * The top 24 bits of a word as a number in [0, 1), exact in f32.
 */
export const uniform = (word: number): number => (word >>> 8) / 0x1000000;
