import { checkWord, threefry2x32 } from '@sketchgrad/core';

/**
 * The counter's first word for data order. Layers count their streams up from 0, so that the last
 * one is never theirs and no key is used twice.
 */
const STREAM = 0xffffffff;

/** A number in [0, 1) from the top 53 bits of a block. */
const fraction = (high: number, low: number): number =>
  (high * 0x200000 + (low >>> 11)) / 0x20000000000000;

/**
 * The order in which an epoch visits the examples: a permutation of 0 … count − 1, the same for
 * the same arguments, on every machine. Nothing is remembered from one epoch to the next, so a
 * resumed run needs the seed, the epoch and its position in it, and no more.
 *
 * Fisher and Yates' shuffle; the draw for place i is block i of Threefry under the key
 * (seed, epoch).
 *
 * @param seed the run's seed, an unsigned 32-bit integer
 * @param epoch counted from 0
 * @param count how many examples there are
 * @returns indices into the examples: [count]
 * @throws UsageError for an argument that is not an unsigned 32-bit integer
 */
export function dataOrder(seed: number, epoch: number, count: number): Uint32Array {
  checkWord('seed', seed);
  checkWord('epoch', epoch);
  checkWord('count', count);
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const [high, low] = threefry2x32(seed, epoch, STREAM, i);
    const place = Math.floor(fraction(high, low) * (i + 1));
    order[i] = order[place]!;
    order[place] = i;
  }
  return order;
}
