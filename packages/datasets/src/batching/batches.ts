import { UsageError } from '@sketchgrad/core';
import { sequenceBuckets } from './buckets.js';
import type { EncodedExamples } from './encode.js';

/** Several examples side by side, padded to one length. Matrices are row-major. */
export interface Batch {
  /** Number of rows; the last batch of a pass may have fewer than were asked for. */
  readonly batchSize: number;
  /** Tokens in a row: the smallest bucket that holds the longest example of the batch. */
  readonly sequence: number;
  /** Vocabulary indices, [batchSize, sequence]. */
  readonly tokenIds: Int32Array;
  /** 0, or 1 for the tokens of a second sentence; 0 in padding, [batchSize, sequence]. */
  readonly tokenTypeIds: Int32Array;
  /** 1 for a token, 0 for padding, [batchSize, sequence]. */
  readonly attentionMask: Int32Array;
  /** Int32Array of classes or Float32Array of scores, [batchSize]; null where there are none. */
  readonly labels: Int32Array | Float32Array | null;
  /** Which examples these are, as indices into the encoded split, [batchSize]. */
  readonly indices: Int32Array;
}

/** How examples are put together. */
export interface BatchOptions {
  /** Rows in a batch. */
  readonly batchSize: number;
  /** Lengths to pad to; `sequenceBuckets(maxLength)` unless given. */
  readonly buckets?: readonly number[];
  /** Indices of the examples in the order to take them, a shuffle for one; all in order unless given. */
  readonly order?: ArrayLike<number>;
}

/**
 * Cuts the examples into batches, in the order given, each padded on the right to the smallest
 * bucket that holds it. The last batch has what is left over. Batches are made one at a time, and
 * nothing is shuffled here: the caller decides by `order`.
 *
 * @throws UsageError on a batch size or bucket that is not a positive integer, an index that is out
 *   of range, and an example longer than every bucket
 */
export function batches(
  encoded: Pick<EncodedExamples, 'encodings' | 'labels' | 'padId' | 'maxLength'>,
  { batchSize, buckets = sequenceBuckets(encoded.maxLength), order }: BatchOptions,
): Iterable<Batch> {
  const ascending = checkedBuckets(buckets);
  const indices = checkedOrder(order, encoded.encodings.length);
  if (!isPositiveInteger(batchSize)) {
    throw new UsageError(`batch size is ${batchSize}: expected a positive integer`);
  }
  return {
    *[Symbol.iterator]() {
      for (let start = 0; start < indices.length; start += batchSize) {
        yield pad(encoded, indices.slice(start, start + batchSize), ascending);
      }
    },
  };
}

function pad(
  { encodings, labels, padId }: Pick<EncodedExamples, 'encodings' | 'labels' | 'padId'>,
  indices: Int32Array,
  buckets: readonly number[],
): Batch {
  const batchSize = indices.length;
  let longest = 0;
  for (const index of indices) longest = Math.max(longest, encodings[index]!.tokenIds.length);
  const sequence = buckets.find((bucket) => bucket >= longest);
  if (sequence === undefined) {
    throw new UsageError(
      `an example has ${longest} tokens, more than the longest bucket, ${buckets.at(-1)}: encode with a smaller maxLength or add a bucket`,
    );
  }
  const tokenIds = new Int32Array(batchSize * sequence).fill(padId);
  const tokenTypeIds = new Int32Array(batchSize * sequence);
  const attentionMask = new Int32Array(batchSize * sequence);
  indices.forEach((index, row) => {
    const encoding = encodings[index]!;
    tokenIds.set(encoding.tokenIds, row * sequence);
    tokenTypeIds.set(encoding.tokenTypeIds, row * sequence);
    attentionMask.set(encoding.attentionMask, row * sequence);
  });
  return {
    batchSize,
    sequence,
    tokenIds,
    tokenTypeIds,
    attentionMask,
    labels: labels && pick(labels, indices),
    indices,
  };
}

function pick(labels: Int32Array | Float32Array, indices: Int32Array): Int32Array | Float32Array {
  const picked = labels.slice(0, indices.length);
  indices.forEach((index, row) => {
    picked[row] = labels[index]!;
  });
  return picked;
}

function checkedBuckets(buckets: readonly number[]): number[] {
  const bad = buckets.find((bucket) => !isPositiveInteger(bucket));
  if (bad !== undefined || buckets.length === 0) {
    throw new UsageError(
      `sequence buckets are [${buckets.join(', ')}]: expected at least one, each a positive integer`,
    );
  }
  return [...buckets].sort((a, b) => a - b);
}

function checkedOrder(order: ArrayLike<number> | undefined, count: number): Int32Array {
  if (order === undefined) return Int32Array.from({ length: count }, (_, index) => index);
  for (let place = 0; place < order.length; place++) {
    const index = order[place]!;
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new UsageError(
        `order[${place}] is ${index}: expected an index of one of the ${count} examples`,
      );
    }
  }
  return Int32Array.from(order);
}

function isPositiveInteger(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
