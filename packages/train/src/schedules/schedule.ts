import { describeValue, UsageError } from '@sketchgrad/core';

/** How the learning rate moves during a run. */
export interface Schedule {
  /** Says all there is to say: a checkpoint keeps it to tell whether a resumed run is the same. */
  readonly name: string;
  /**
   * What the learning rate is multiplied by, from 0 to 1.
   *
   * @param step updates made so far: 0 for the first update
   * @param totalSteps updates of the whole run
   */
  factor(step: number, totalSteps: number): number;
}

export interface WarmupOptions {
  /** The share of all steps, 0 to 1, in which the factor rises from 0 to 1; 0 for none. */
  readonly warmup?: number;
}

export function checkShare(what: string, value: number): void {
  if (!(typeof value === 'number' && value >= 0 && value <= 1)) {
    throw new UsageError(`${what} must be a share from 0 to 1, but it is ${describeValue(value)}`);
  }
}

/** Steps in which the factor rises: rounded up, as in the transformers library's trainer. */
export const warmupSteps = (warmup: number, totalSteps: number): number =>
  Math.ceil(totalSteps * warmup);

/** The rising factor, or undefined once `step` is past the warm-up. */
export function rising(step: number, warmup: number, totalSteps: number): number | undefined {
  const steps = warmupSteps(warmup, totalSteps);
  return step < steps ? step / steps : undefined;
}
