import { correlation } from './correlation.js';
import type { Moments } from './moments.js';

/**
 * The right side of the paper's theorem 2.3, (α + 1)/α, which it says that the ratio of variances
 * never exceeds. Source: arXiv 2201.13195, eq. 12. Infinite where XᵀY = 0.
 *
 * As published the theorem is false: x = (1, 2), y = (2, 1) has D²_SGD = 0 and D²_RMM > 0. Its proof
 * drops 2 ‖X‖²_F ‖Y‖²_F at eq. 45.
 * See `publishedBoundHolds` for where it is true, `correctedBound` for what is true everywhere.
 *
 * @param moments of X [rows, inputs] and Y [rows, outputs]
 * @throws UsageError where X or Y is zero, or moments overflow
 */
export const publishedBound = (moments: Moments): number => {
  const alpha = correlation(moments);
  return (alpha + 1) / alpha;
};
