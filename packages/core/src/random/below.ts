/**
 * A number in [0, limit) from 32 random bits: ⌊word · limit / 2³²⌋. Each number has a probability
 * within 2⁻³² of 1/limit. Exact in doubles for any limit below 2³¹: the word is multiplied in halves.
 */
export const below = (word: number, limit: number): number => {
  const low = Math.floor(((word & 0xffff) * limit) / 0x10000);
  return Math.floor(((word >>> 16) * limit + low) / 0x10000);
};
