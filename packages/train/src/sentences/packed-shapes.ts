import type { SentenceShape } from '@sketchgrad/core';
import { longestOf } from './pieces.js';
import { type BatchSize, RowBuckets } from './row-buckets.js';

/** The sizes of the graphs that a data set's batches come in. */
export class PackedShapes {
  /** How their rows are rounded up. */
  readonly buckets: RowBuckets;
  readonly #longest: number;

  /**
   * @param lengths tokens of each of the data's examples
   * @param batches those that a run will come to, as far as it is known
   * @param mostShapes sizes that these may come in
   */
  constructor(lengths: Int32Array, batches: readonly BatchSize[], mostShapes: number) {
    this.buckets = new RowBuckets(batches, mostShapes);
    this.#longest = longestOf(lengths);
  }

  /** Of a batch of so many tokens. */
  of({ examples, tokens }: BatchSize): SentenceShape {
    return { batchSize: examples, rows: this.buckets.rowsFor(tokens), longest: this.#longest };
  }
}
