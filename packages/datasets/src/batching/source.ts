import {
  checkMembers,
  checkOptions,
  describeValue,
  type ObjectKind,
  type SentenceBatch,
  UsageError,
} from '@sketchgrad/core';
import { sequenceBuckets } from './buckets.js';
import type { EncodedExamples } from './encode.js';

/** Several examples side by side, padded to one length. Matrices are row-major. */
export interface Batch extends SentenceBatch {
  /** Which examples these are, as indices into the encoded split, [batchSize]. */
  readonly indices: Int32Array;
}

/** Encoded examples, of which any may be asked for side by side. */
export interface BatchSource {
  /** How many examples there are. */
  readonly length: number;
  /** Int32Array of classes or Float32Array of scores, [length]; null where there are none. */
  readonly labels: Int32Array | Float32Array | null;
  /**
   * The examples of these indices, in this order, padded on the right to the smallest bucket that
   * holds them all.
   *
   * @throws UsageError on an index that is out of range
   */
  batch(indices: ArrayLike<number>): Batch;
  /** The length in tokens that an example is padded to when alone. */
  sequenceOf(index: number): number;
}

/** What examples are padded to. */
export interface BatchSourceOptions {
  /** Lengths to pad to; `sequenceBuckets(maxLength)` unless given. */
  readonly buckets?: readonly number[];
}

/** What batches are made of. */
export type BatchableExamples = Pick<
  EncodedExamples,
  'encodings' | 'labels' | 'padId' | 'maxLength'
>;

const ENCODED: ObjectKind = {
  accepted: 'what encodeExamples gives',
  members: { encodings: 'array', padId: 'number', maxLength: 'number' },
};

/**
 * Makes batches of whichever examples are asked for. `@sketchgrad/train` takes this as its data.
 *
 * @throws UsageError on a bucket that is not a positive integer, on an example that is longer than
 *   every bucket, and on another number of labels than of examples
 */
export function batchSource(
  encoded: BatchableExamples,
  options: BatchSourceOptions = {},
): BatchSource {
  checkMembers('the encoded examples', encoded, ENCODED);
  checkOptions('batchSource', options, { buckets: true });
  const { encodings, labels, padId, maxLength } = encoded;
  const { buckets = sequenceBuckets(maxLength) } = options;
  const ascending = checkedBuckets(buckets);
  if (labels !== null && labels?.length !== encodings.length) {
    throw new UsageError(
      `there are ${labels?.length ?? 'no'} labels for ${encodings.length} examples: expected one each, or null`,
    );
  }
  const bucketOf = (length: number) => ascending.find((bucket) => bucket >= length)!;
  const longestBucket = ascending.at(-1)!;
  for (const [index, { tokenIds }] of encodings.entries()) {
    if (tokenIds.length > longestBucket) {
      throw new UsageError(
        `example ${index} has ${tokenIds.length} tokens, more than the longest bucket, ${longestBucket}: encode with a smaller maxLength or add a bucket`,
      );
    }
  }
  const encodingOf = (index: number) => {
    const encoding = encodings[index];
    if (encoding !== undefined) return encoding;
    throw new UsageError(
      `there is no example ${index}: expected an index of one of the ${encodings.length} examples`,
    );
  };
  return {
    length: encodings.length,
    labels,
    sequenceOf: (index) => bucketOf(encodingOf(index).tokenIds.length),
    batch(chosen) {
      const rows = Array.from(chosen, encodingOf);
      const sequence = bucketOf(rows.reduce((most, row) => Math.max(most, row.tokenIds.length), 0));
      const tokenIds = new Int32Array(rows.length * sequence).fill(padId);
      const tokenTypeIds = new Int32Array(rows.length * sequence);
      const attentionMask = new Int32Array(rows.length * sequence);
      rows.forEach((encoding, row) => {
        tokenIds.set(encoding.tokenIds, row * sequence);
        tokenTypeIds.set(encoding.tokenTypeIds, row * sequence);
        attentionMask.set(encoding.attentionMask, row * sequence);
      });
      const indices = Int32Array.from(chosen);
      const known = labels === null ? {} : { labels: pick(labels, indices) };
      return {
        batchSize: rows.length,
        sequence,
        tokenIds,
        tokenTypeIds,
        attentionMask,
        ...known,
        indices,
      };
    },
  };
}

function pick(labels: Int32Array | Float32Array, indices: Int32Array): Int32Array | Float32Array {
  const values = Array.from(indices, (index) => labels[index]!);
  return labels instanceof Int32Array ? Int32Array.from(values) : Float32Array.from(values);
}

function checkedBuckets(buckets: readonly number[]): number[] {
  if (!Array.isArray(buckets as unknown))
    throw new UsageError(
      `buckets must be an array of lengths, but it is ${describeValue(buckets)}`,
    );
  if (buckets.length === 0 || buckets.some((bucket) => !(Number.isInteger(bucket) && bucket > 0))) {
    throw new UsageError(
      `sequence buckets are [${buckets.join(', ')}]: expected at least one, each a positive integer`,
    );
  }
  return [...buckets].sort((a, b) => a - b);
}
