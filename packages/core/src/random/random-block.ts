import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import { checkWords, isWord, threefryBlock } from './threefry.js';

const WORD = 2 ** 32;

/** Blocks of a stream. */
const BLOCKS = 2 ** 53;

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
 * @throws UsageError for what are no 32-bit integers, or no number of a block
 */
export function randomBlock(
  seed: number,
  step: number,
  stream: number,
  block: number,
): [number, number] {
  if (!(isWord(seed) && isWord(step) && isWord(stream)))
    checkWords('randomBlock', { seed, step, stream });
  if (!(Number.isInteger(block) && block >= 0 && block <= BLOCKS))
    throw new UsageError(
      `randomBlock's block must be a whole number from 0 to 2⁵³, but it is ${describeValue(block)}`,
    );
  return streamBlock(seed, step, stream, block);
}

/** {@link randomBlock} for executors, which draw block by block. */
export function streamBlock(
  seed: number,
  step: number,
  stream: number,
  block: number,
): [number, number] {
  if (block < WORD) return threefryBlock(seed, step, stream, block);
  const [first, second] = threefryBlock(seed, step, stream ^ CARRY, Math.floor(block / WORD));
  return threefryBlock(first, second, stream, block % WORD);
}
