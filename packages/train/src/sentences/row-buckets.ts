import {
  checkCount,
  checkMembers,
  describeValue,
  type ObjectKind,
  UsageError,
} from '@sketchgrad/core';
import { geometricSize } from '../source/geometric-size.js';

/** How many tokens a batch has, and of how many examples; `work` tells apart what is done with it. */
export interface BatchSize {
  readonly examples: number;
  readonly tokens: number;
  readonly work?: string;
}

const BATCH: ObjectKind = {
  accepted: 'sizes of a batch, { examples, tokens }',
  members: { examples: 'number', tokens: 'number' },
};

/** Sizes that a run's training batches may come in, and those of its evaluations: 16 graphs in all. */
export const TRAINING_SHAPES = 11;
export const EVALUATION_SHAPES = 5;

/** Steps to an octave, the finest first: as many as there are numbers of tokens, then ever fewer. */
const LADDERS = [Number.POSITIVE_INFINITY, 16, 12, 8, 6, 5, 4, 3, 2, 1];

/** Rows come in multiples of this, where there are more numbers of tokens than may be told apart. */
const TOGETHER = 8;

/**
 * How many rows a batch's graph has: its tokens, rounded up so that a run has few graphs. The steps are
 * geometric, 2^(1/n) from one to the next, as fine as the graphs that a run may have allow.
 */
export class RowBuckets {
  readonly #perOctave: number;
  /** Of the batches that it was made for, all tokens and all rows. */
  readonly tokens: number;
  readonly rows: number;

  /**
   * @param batches those that a run will come to, as far as it is known
   * @param mostShapes sizes that these may come in, whatever is done with them
   * @throws UsageError for what are no batches, or no number of sizes
   */
  constructor(batches: readonly BatchSize[], mostShapes: number) {
    if (!Array.isArray(batches as unknown))
      throw new UsageError(
        `batches must be an array of { examples, tokens }, but it is ${describeValue(batches)}`,
      );
    for (const [place, batch] of batches.entries()) {
      checkMembers(`batches[${place}]`, batch, BATCH);
      checkCount(`batches[${place}]'s examples`, batch.examples);
      checkCount(`batches[${place}]'s tokens`, batch.tokens);
    }
    checkCount('mostShapes', mostShapes);
    this.#perOctave =
      LADDERS.find((perOctave) => shapesOf(batches, perOctave) <= mostShapes) ?? LADDERS.at(-1)!;
    this.tokens = batches.reduce((sum, { tokens }) => sum + tokens, 0);
    this.rows = batches.reduce((sum, { tokens }) => sum + this.rowsFor(tokens), 0);
  }

  /** Rows of a batch of so many tokens. @throws UsageError unless it has at least one */
  rowsFor(tokens: number): number {
    checkCount('tokens', tokens);
    return geometricSize(tokens, this.#perOctave, TOGETHER);
  }
}

function shapesOf(batches: readonly BatchSize[], perOctave: number): number {
  const shapes = new Set<string>();
  for (const { examples, tokens, work = '' } of batches)
    shapes.add(`${work} ${examples} ${geometricSize(tokens, perOctave, TOGETHER)}`);
  return shapes.size;
}
