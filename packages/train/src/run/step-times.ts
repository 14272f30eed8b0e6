import { mean, median } from 'simple-statistics';

/** How many of the latest steps tell how long the next one takes. */
const WINDOW = 20;

/** How long the steps of this process took, in seconds. */
export class StepTimes {
  readonly #seconds: number[] = [];

  add(seconds: number): void {
    this.#seconds.push(seconds);
  }

  /** The mean of the latest steps; 0 before the first. */
  get recent(): number {
    const latest = this.#seconds.slice(-WINDOW);
    return latest.reduce((sum, seconds) => sum + seconds, 0) / Math.max(latest.length, 1);
  }

  /** The mean of all steps; null before the first. */
  get mean(): number | null {
    return this.#seconds.length === 0 ? null : mean(this.#seconds);
  }

  /** The median of all steps; null before the first. */
  get median(): number | null {
    return this.#seconds.length === 0 ? null : median(this.#seconds);
  }
}
