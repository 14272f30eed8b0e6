import { UsageError } from '../errors.js';
import type { GradientEstimator } from './estimator.js';

/**
 * Refuses a rate that keeps less than one row even of the largest batch: it would keep one all the same,
 * and not be the rate that was asked for.
 *
 * @param rows of the largest batch
 * @throws UsageError with the least rate that keeps one
 */
export function expectKeptRow({ name, rate = 1 }: GradientEstimator, rows: number): void {
  if (rate * rows >= 1) return;
  throw new UsageError(
    `rate ${rate} of '${name}' keeps less than one row of every batch: the largest has ${rows}, of which at least ${1 / rows} is needed`,
  );
}
