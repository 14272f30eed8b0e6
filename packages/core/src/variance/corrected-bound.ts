import type { Moments } from './moments.js';
import { publishedBound } from './published-bound.js';
import { sgdVariance } from './sgd.js';

/**
 * What the ratio of theorem 2.3 never exceeds, whatever X and Y are:
 *
 *     (p/(B − 1)) · D²_RMM / D²_SGD ≤ (1 + α)/α · max(1, T/(Q − T))
 *
 * It holds for sketches of independent entries of kurtosis κ ≤ 3 (Gaussian, Rademacher) and for all
 * whose variance is at most (A + T)/p. Derivation: the ratio is then at most (A + T)/(Q − T), which
 * is (A + T)/T · T/(Q − T), with equality for κ = 3, and (A + T)/T = (1 + α)/α. Where Q ≥ 2T the
 * last factor is at most 1 and the bound is the published one; elsewhere it grows, to infinity at
 * Q = T, as it must: there SGD has no variance at all.
 *
 * @param moments of X [rows, inputs] and Y [rows, outputs]
 * @throws UsageError where X or Y is zero, for fewer than two rows, or where moments overflow
 */
export function correctedBound(moments: Moments): number {
  const published = publishedBound(moments);
  const spread = sgdVariance(moments) * (moments.rows - 1);
  return published * Math.max(1, moments.gradientNorm / spread || 0);
}
