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

  /** Examples of an update, counted from the epoch's first. */
  examplesOf(update: number): number {
    return Math.min(this.batchSize, this.examples - update * this.batchSize);
  }

  /** The micro-batches of the update that begins at `position`. */
  pieces(position: number): Piece[] {
    const end = Math.min(position + this.batchSize, this.examples);
    const pieces: Piece[] = [];
    for (let start = position; start < end; start += this.#microBatchSize)
      pieces.push({ start, end: Math.min(start + this.#microBatchSize, end) });
    return pieces;
  }

  /** Micro-batches of the whole run before the one that begins at `position` of `epoch`. */
  microStep(epoch: number, position: number): number {
    return (
      epoch * Math.ceil(this.examples / this.#microBatchSize) + position / this.#microBatchSize
    );
  }
}
