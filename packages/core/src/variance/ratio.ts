import { checkPositive } from '../checks/check-members.js';
import { UsageError } from '../errors.js';
import { checkVariance } from './checked-moments.js';
import type { Moments } from './moments.js';
import { sgdVariance } from './sgd.js';

/**
 * The left side of the paper's theorem 2.3, (p/(B − 1)) · D²_RMM / D²_SGD. Infinite where SGD has no
 * variance and the estimate has. Source: arXiv 2201.13195, eq. 12.
 *
 * With D²_RMM as published it is (A − T)/(Q − T); with the exact one of Gaussian entries
 * (A + T)/(Q − T).
 *
 * @param variance D²_RMM: an estimator's `variance(moments)`, or `publishedRmmVariance`
 * @param rows p, the rows of the sketch; for what keeps no rows, the rows that its bytes would hold
 * @throws UsageError for fewer than two rows of X, a variance that is not a number ≥ 0, moments that
 * overflow, or where both variances are 0, which leaves the ratio undefined
 */
export function varianceRatio(moments: Moments, variance: number, rows: number): number {
  const sgd = sgdVariance(moments);
  checkVariance(variance);
  checkPositive("a sketch's rows", rows);
  if (sgd === 0 && variance === 0)
    throw new UsageError('the ratio of D²_RMM to D²_SGD is undefined: both are 0');
  // Divided first: the product of a large variance and p could overflow where the ratio does not.
  return sgd === 0 ? Number.POSITIVE_INFINITY : (variance / sgd) * (rows / (moments.rows - 1));
}
