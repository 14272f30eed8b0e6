import { checkOptions, describeValue, UsageError } from '@sketchgrad/core';
import {
  type Batch,
  type BatchableExamples,
  type BatchSourceOptions,
  batchSource,
} from './source.js';

/** How examples are put together. */
export interface BatchOptions extends BatchSourceOptions {
  /** Examples in a batch. */
  readonly batchSize: number;
  /** Indices of the examples in the order to take them, a shuffle for one; all in order unless given. */
  readonly order?: ArrayLike<number>;
}

/**
 * Cuts the examples into batches, in the order given. The last batch has what is left over. Batches
 * are made one at a time, and nothing is shuffled here: the caller decides by `order`.
 *
 * @throws UsageError on a batch size that is not a positive integer, an index that is out of range, and
 *   a length to pad to that does not fit
 */
export function batches(encoded: BatchableExamples, options: BatchOptions): Iterable<Batch> {
  checkOptions('batches', options, { batchSize: true, order: true, padTo: true });
  const { batchSize, order, ...rest } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new UsageError(`batch size is ${describeValue(batchSize)}: expected a positive integer`);
  }
  const source = batchSource(encoded, rest);
  const indices = checkedOrder(order, source.length);
  return {
    *[Symbol.iterator]() {
      for (let start = 0; start < indices.length; start += batchSize) {
        yield source.batch(indices.slice(start, start + batchSize));
      }
    },
  };
}

function checkedOrder(order: ArrayLike<number> | undefined, count: number): number[] {
  if (order === undefined) return Array.from({ length: count }, (_, index) => index);
  if (typeof order !== 'object' || order === null || typeof order.length !== 'number')
    throw new UsageError(`order must be an array of indices, but it is ${describeValue(order)}`);
  return Array.from(order, (index, place) => {
    if (Number.isInteger(index) && index >= 0 && index < count) return index;
    throw new UsageError(
      `order[${place}] is ${describeValue(index)}: expected an index of one of the ${count} examples`,
    );
  });
}
