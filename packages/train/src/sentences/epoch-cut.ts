/** Where a batch lies in an epoch's order: from `start` up to and without `end`. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/**
 * How an epoch's order is cut: into batches, one for each update, and these into micro-batches,
 * whose gradients are added up. What is left over at the end makes a smaller batch.
 */
export class EpochCut {
  readonly #microBatchSize: number;

  /** @param accumulate micro-batches of a whole batch; divides `batchSize` */
  constructor(
    readonly examples: number,
    readonly batchSize: number,
    readonly accumulate: number,
  ) {
    this.#microBatchSize = batchSize / accumulate;
  }

  /** Updates in an epoch. */
  get updates(): number {
    return Math.ceil(this.examples / this.batchSize);
  }

  /** The micro-batches of an update, counted from the epoch's first. */
  pieces(update: number): Piece[] {
    const first = update * this.batchSize;
    const end = Math.min(first + this.batchSize, this.examples);
    const pieces: Piece[] = [];
    for (let start = first; start < end; start += this.#microBatchSize)
      pieces.push({ start, end: Math.min(start + this.#microBatchSize, end) });
    return pieces;
  }
}
