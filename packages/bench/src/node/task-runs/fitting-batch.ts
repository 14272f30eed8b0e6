import { type Backend, type Graph, PlanError } from '@sketchgrad/core';

/** How to find what would fit. */
export interface Fitting {
  readonly backend: Backend;
  /** Examples of the step that may be too large. */
  readonly batchSize: number;
  /** The step's graph at another batch size. */
  readonly traceAt: (batchSize: number) => Graph;
  /** What to tell the user, who can have so many examples at once. */
  readonly advise: (largest: number) => string;
}

/**
 * Does something that may not fit into memory; where it does not, the error says what would.
 *
 * @throws PlanError with the advice; what `work` throws
 */
export async function orSayWhatFits<T>(work: () => Promise<T>, fitting: Fitting): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const { neededBytes, limitBytes } = error;
    const largest = largestBelow(
      fitting.batchSize,
      (size) => fitting.backend.plan(fitting.traceAt(size)).arenaBytes <= limitBytes,
    );
    const advice =
      largest === 0
        ? 'With all else the same, not even a batch of 1 fits'
        : fitting.advise(largest);
    throw new PlanError(`${error.message}. ${advice}`, neededBytes, limitBytes, { cause: error });
  }
}

/** The largest number below `limit` that fits, where every smaller one does too; 0 for none. */
function largestBelow(limit: number, fits: (size: number) => boolean): number {
  let [low, high] = [0, limit];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
