import { threefry2x32 } from './threefry.js';

const WORD = 2 ** 32;

/** The upper half of the streams, of which no use of randomness has one: see {@link Key}. */
const CARRY = 0x80000000;

/**
 * Block number `block` of a stream: two words of 32 bits. The first 2³² are Threefry's under the key
 * with the counter (stream, block). Those behind them, 2³² at a time, are drawn the same way under a
 * key of their own: Threefry's block with the counter (stream + 2³¹, ⌊block / 2³²⌋), where no stream
 * lies. So a stream has 2⁵³ blocks before any comes again.
 *
 * @param seed the key's first word; @param step its second
 * @param block a whole number from 0 to 2⁵³
 * @returns two unsigned 32-bit integers
 */
export function randomBlock(
  seed: number,
  step: number,
  stream: number,
  block: number,
): [number, number] {
  if (block < WORD) return threefry2x32(seed, step, stream, block);
  const [first, second] = threefry2x32(seed, step, stream ^ CARRY, Math.floor(block / WORD));
  return threefry2x32(first, second, stream, block % WORD);
}
