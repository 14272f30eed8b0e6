import { nextStream } from '../graph/trace.js';
import type { Value } from '../graph/value.js';

/**
 * Where a use of randomness takes its numbers from: `value` is i32 [2], (seed, step), which is
 * Threefry's key; `stream` is the first half of its counter and belongs to this use alone. The
 * second half counts blocks.
 */
export interface Key {
  readonly value: Value;
  readonly stream: number;
}

/** A key with a stream of its own under the run's (seed, step), i32 [2]. */
export const newKey = (value: Value): Key => ({ value, stream: nextStream() });
