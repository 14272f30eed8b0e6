import { checkValue } from '../graph/arguments.js';
import { nextStream } from '../graph/trace.js';
import type { Value } from '../graph/value.js';

/**
 * Where a use of randomness takes its numbers from: `value` is i32 [2], (seed, step), which is
 * Threefry's key; `stream` is the first half of its counter, below 2³¹, and belongs to this use alone.
 * The second half counts blocks; see {@link randomBlock} for more of them than it can count.
 */
export interface Key {
  readonly value: Value;
  readonly stream: number;
}

/** A key with a stream of its own under the run's (seed, step), i32 [2]. */
export function newKey(value: Value): Key {
  checkValue("newKey's value", value);
  return { value, stream: nextStream() };
}

/** Streams that a graph may take by `newKey`; those of derived keys lie behind them. */
const STREAMS = 2 ** 24;

/**
 * The `use`-th further stream (1 to 127) of a use of randomness that draws several things, such as
 * a permutation beside signs. The same key and use give the same stream, wherever it is asked for.
 */
export const derivedKey = ({ value, stream }: Key, use: number): Key => ({
  value,
  stream: stream + use * STREAMS,
});
