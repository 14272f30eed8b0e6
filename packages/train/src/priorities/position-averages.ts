import { type BatchRows, forEachToken, lengthOf } from './batch-rows.js';

/** How much of an average stays when a batch is added to it. */
const MEMORY = 0.9;

/** Averages of ‖y_i‖² of one layer over the tokens at each position, the latest batches most. */
export class PositionAverages {
  /** f32 [longest sequence seen]; below 0 where there was never a token. */
  #averages = new Float32Array(0);

  /** @param norms ‖y_i‖² of each row: [rows] */
  record(rows: BatchRows, norms: ArrayLike<number>): void {
    const longest = rows.indices.reduce((most, _, at) => Math.max(most, lengthOf(rows, at)), 0);
    this.#grow(longest);
    const sums = new Float64Array(longest);
    const counts = new Int32Array(longest);
    forEachToken(rows, (row, _, position) => {
      sums[position]! += norms[row]!;
      counts[position]!++;
    });
    for (const [position, count] of counts.entries()) {
      if (count === 0) continue;
      const mean = sums[position]! / count;
      const known = this.#averages[position]!;
      this.#averages[position] = known < 0 ? mean : MEMORY * known + (1 - MEMORY) * mean;
    }
  }

  /** The average at a position, or at the nearest one before it; 1 where nothing is known. */
  at(position: number): number {
    for (let at = Math.min(position, this.#averages.length - 1); at >= 0; at--)
      if (this.#averages[at]! >= 0) return this.#averages[at]!;
    return 1;
  }

  #grow(length: number): void {
    const before = this.#averages;
    if (before.length >= length) return;
    this.#averages = new Float32Array(length).fill(-1);
    this.#averages.set(before);
  }

  /** All that it knows, for a checkpoint. */
  get values(): Float32Array {
    return this.#averages;
  }

  static restored(values: Float32Array): PositionAverages {
    const averages = new PositionAverages();
    averages.#averages = Float32Array.from(values);
    return averages;
  }
}
