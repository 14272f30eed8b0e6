import { checkEstimator } from '../checks/check-estimator.js';
import { checkCount } from '../checks/check-members.js';
import { UsageError } from '../errors.js';
import type { GradientEstimator } from './estimator.js';

/**
 * Refuses a rate that keeps less than one row even of the largest batch: it would keep one all the same,
 * and not be the rate that was asked for.
 *
 * @param rows of the largest batch
 * @throws UsageError with the least rate that keeps one
 */
export function expectKeptRow(estimator: GradientEstimator, rows: number): void {
  checkEstimator('expectKeptRow: estimator', estimator);
  checkCount('expectKeptRow: rows', rows);
  const { name, rate = 1 } = estimator;
  if (rate * rows >= 1) return;
  throw new UsageError(
    `rate ${rate} of '${name}' keeps less than one row of every batch: the largest has ${rows}, of which at least ${1 / rows} is needed`,
  );
}
