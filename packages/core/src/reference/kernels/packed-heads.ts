import type { Numbers } from '../kernel.js';

/** A head of a sequence. */
export interface PackedHead {
  readonly example: number;
  readonly head: number;
  /** The first of the sequence's rows. */
  readonly first: number;
  /** How many rows it has. */
  readonly length: number;
  /** The number of its first probability among all that dropout draws bits for. */
  readonly element: number;
}

/**
 * The heads of sequences that lie one behind the other.
 *
 * @param starts i32 [examples + 1]
 * @param probabilities how many a head of a sequence of so many rows has
 */
export function* packedHeads(
  starts: Numbers,
  heads: number,
  probabilities: (length: number) => number,
): Iterable<PackedHead> {
  let element = 0;
  for (let example = 0; example + 1 < starts.length; example++) {
    const first = starts[example]!;
    const length = starts[example + 1]! - first;
    for (let head = 0; head < heads; head++) {
      yield { example, head, first, length, element };
      element += probabilities(length);
    }
  }
}
