import { ShapeError } from '../errors.js';
import type { TensorType } from '../graph/types.js';
import { expectType } from './rules.js';

/** How many rows sequences that lie one behind the other have, and how many of them there are. */
export interface SequenceSizes {
  readonly rows: number;
  readonly examples: number;
}

/**
 * Sizes of packed sequences: those of example e are the rows starts[e] … starts[e + 1] − 1, and the rows
 * behind the last one belong to nobody.
 *
 * @param rows how many there are
 * @throws ShapeError where `starts` is not i32 [examples + 1]
 */
export function sequenceSizes(rows: number, starts: TensorType): SequenceSizes {
  expectType('starts', starts, 'i32', 1);
  const [count] = starts.shape as [number];
  if (count === 0) throw new ShapeError('starts must be [examples + 1], not [0]');
  return { rows, examples: count - 1 };
}
