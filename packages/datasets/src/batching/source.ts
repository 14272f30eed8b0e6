import {
  checkCount,
  checkMembers,
  checkOptions,
  type ObjectKind,
  type SentenceBatch,
  UsageError,
} from '@sketchgrad/core';
import type { EncodedExamples } from './encode.js';

/** Several examples, their tokens one behind the other, without rows that belong to nobody. */
export interface Batch extends SentenceBatch {
  /** Which examples these are, as indices into the encoded split, [batchSize]. */
  readonly indices: Int32Array;
}

/** Encoded examples, of which any may be asked for together. */
export interface BatchSource {
  /** How many examples there are. */
  readonly length: number;
  /** Int32Array of classes or Float32Array of scores, [length]; null where there are none. */
  readonly labels: Int32Array | Float32Array | null;
  /**
   * The examples of these indices, in this order.
   *
   * @throws UsageError on an index that is out of range
   */
  batch(indices: ArrayLike<number>): Batch;
  /**
   * How many tokens an example has in a batch, padding included.
   *
   * @throws UsageError on an index that is out of range
   */
  lengthOf(index: number): number;
}

/** What becomes of an example's tokens. */
export interface BatchSourceOptions {
  /**
   * Tokens that each example is padded to, for figures that are measured so: padding is computed and kept
   * like any token, though nothing attends to it. Unless given nothing is padded.
   */
  readonly padTo?: number | undefined;
}

/** What batches are made of. */
export type BatchableExamples = Pick<EncodedExamples, 'encodings' | 'labels' | 'padId'>;

const ENCODED: ObjectKind = {
  accepted: 'what encodeExamples gives',
  members: { encodings: 'array', padId: 'number' },
};

/**
 * Makes batches of whichever examples are asked for. `@sketchgrad/train` takes this as its data.
 *
 * @throws UsageError on a length to pad to that is not a positive integer or that an example is longer
 *   than, and on another number of labels than of examples
 */
export function batchSource(
  encoded: BatchableExamples,
  options: BatchSourceOptions = {},
): BatchSource {
  checkMembers('the encoded examples', encoded, ENCODED);
  checkOptions('batchSource', options, { padTo: true });
  const { encodings, labels, padId } = encoded;
  const { padTo } = options;
  if (labels !== null && labels?.length !== encodings.length) {
    throw new UsageError(
      `there are ${labels?.length ?? 'no'} labels for ${encodings.length} examples: expected one each, or null`,
    );
  }
  if (padTo !== undefined) checkPadTo(padTo, encodings);
  const encodingOf = (index: number) => {
    const encoding = encodings[index];
    if (encoding !== undefined) return encoding;
    throw new UsageError(
      `there is no example ${index}: expected an index of one of the ${encodings.length} examples`,
    );
  };
  const lengthOf = (index: number) => {
    const { length } = encodingOf(index).tokenIds;
    return padTo ?? length;
  };
  return {
    length: encodings.length,
    labels,
    lengthOf,
    batch(chosen) {
      const indices = Int32Array.from(chosen);
      const starts = new Int32Array(indices.length + 1);
      indices.forEach((index, place) => {
        starts[place + 1] = starts[place]! + lengthOf(index);
      });
      const rows = starts[indices.length]!;
      const tokenIds = new Int32Array(rows).fill(padId);
      const tokenTypeIds = new Int32Array(rows);
      const attentionMask = new Int32Array(rows);
      indices.forEach((index, place) => {
        const encoding = encodingOf(index);
        tokenIds.set(encoding.tokenIds, starts[place]);
        tokenTypeIds.set(encoding.tokenTypeIds, starts[place]);
        attentionMask.set(encoding.attentionMask, starts[place]);
      });
      return {
        batchSize: indices.length,
        rows,
        longest: indices.reduce((most, index) => Math.max(most, lengthOf(index)), 0),
        ...{ tokenIds, tokenTypeIds, starts, attentionMask, indices },
        ...(labels !== null && { labels: pick(labels, indices) }),
      };
    },
  };
}

function pick(labels: Int32Array | Float32Array, indices: Int32Array): Int32Array | Float32Array {
  const values = Array.from(indices, (index) => labels[index]!);
  return labels instanceof Int32Array ? Int32Array.from(values) : Float32Array.from(values);
}

function checkPadTo(padTo: number, encodings: EncodedExamples['encodings']): void {
  checkCount('padTo', padTo);
  const index = encodings.findIndex(({ tokenIds }) => tokenIds.length > padTo);
  if (index >= 0)
    throw new UsageError(
      `example ${index} has ${encodings[index]!.tokenIds.length} tokens, more than padTo, ${padTo}: encode with a smaller maxLength, or pad to more`,
    );
}
