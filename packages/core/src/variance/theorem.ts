// Theorem 2.3 of arXiv 2201.13195, which bounds a sketch's noise by SGD's: as published, and as it holds.
import { checkPositive } from '../checks/check-members.js';
import { UsageError } from '../errors.js';
import { checkedMoments, checkVariance, finite } from './checked-moments.js';
import type { Moments } from './moments.js';
import { sampledRows, sgdVariance } from './sgd.js';

/**
 * α = ‖XᵀY‖²_F / (‖X‖²_F ‖Y‖²_F) = T/A, how much of the largest gradient that X and Y of their
 * norms could have they do have, in [0, 1]. Source: arXiv 2201.13195, eq. 13.
 *
 * @param moments of X [rows, inputs] and Y [rows, outputs]
 * @throws UsageError where X or Y is zero, which leaves α undefined, or moments overflow
 */
export function correlation(moments: Moments): number {
  const { normProduct, gradientNorm } = checkedMoments(moments);
  if (normProduct === 0)
    throw new UsageError(
      'α = T/A is undefined: X or Y is all zeros, or so small that its squares underflow',
    );
  // At most 1 by Cauchy–Schwarz, but for rounding.
  return Math.min(1, gradientNorm / normProduct);
}

/**
 * D²_RMM as the paper has it, for a sketch of p rows:
 *
 *     D²_RMM = (‖X‖²_F ‖Y‖²_F − ‖XᵀY‖²_F)/p = (A − T)/p
 *
 * Source: arXiv 2201.13195, eq. 11. It is not the variance of the paper's own Gaussian sketch, which
 * is (A + T)/p: of the three ways to pair the indices of E[s_i s_j s_k s_l], one that gives T is lost
 * at eq. 36, in the proof of lemma 2.2, so that it is low by 2T/p (see `independentEntriesVariance`). It is exact for rows drawn
 * with probability ∝ ‖x_i‖².
 *
 * @param moments of X [rows, inputs] and Y [rows, outputs]
 * @param rows p, the rows of the sketch
 * @throws UsageError for p that is not above 0, or moments that overflow
 */
export function publishedRmmVariance(moments: Moments, rows: number): number {
  const { normProduct, gradientNorm } = checkedMoments(moments);
  checkPositive("a sketch's rows", rows);
  // A ≥ T by Cauchy–Schwarz; where they are equal, rounding may put A below.
  return Math.max(0, normProduct - gradientNorm) / rows;
}

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
  return sgd === 0
    ? Number.POSITIVE_INFINITY
    : (variance / sgd) * (rows / (sampledRows(moments) - 1));
}

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

/**
 * Whether Q ≥ 2T: the condition that the paper's theorem 2.3 lacks. With it, and only with it, the
 * exact ratio of a Gaussian sketch is within the published bound:
 *
 *     (p/(B − 1)) · D²_RMM / D²_SGD = (A + T)/(Q − T) ≤ (A + T)/T = (1 + α)/α  ⇔  T ≤ Q − T
 *
 * Half of B Σ ‖x_i‖² ‖y_i‖² at most may be the gradient's own square; the rows' gradients must not
 * all point one way. With the published variance, low by 2T/p, the condition would be Q ≥ 2T/(1 + α):
 * (A − T)/(Q − T) ≤ (A + T)/T ⇔ 2AT ≤ (A + T) Q.
 *
 * @param moments of X [rows, inputs] and Y [rows, outputs]
 * @throws UsageError where moments overflow
 */
export function publishedBoundHolds(moments: Moments): boolean {
  const { rowProducts, gradientNorm } = checkedMoments(moments);
  return finite('Q = B·D', sampledRows(moments) * rowProducts) >= 2 * gradientNorm;
}

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
  const spread = sgdVariance(moments) * (sampledRows(moments) - 1);
  return published * Math.max(1, moments.gradientNorm / spread || 0);
}

/** Both sides of the paper's theorem 2.3 for one layer at one step. */
export interface TheoremTerms {
  /** D²_SGD by rows, eq. 9. */
  readonly dSgd2: number;
  /** D²_RMM as published, eq. 11. */
  readonly dRmm2Published: number;
  /** The estimator's own variance: exact, but for an average over draws. */
  readonly dRmm2: number;
  /** α; null where X or Y is zero. */
  readonly alpha: number | null;
  /** (p/(B − 1)) · dRmm2 / dSgd2; null where dSgd2 is 0: infinite, or undefined. */
  readonly ratio: number | null;
  /** (1 + α)/α; null where α is 0 or undefined: no bound. */
  readonly boundPublished: number | null;
  /** The bound that holds everywhere; null where it is infinite or undefined. */
  readonly boundCorrected: number | null;
  /** Whether the ratio is within the published bound. */
  readonly holds: boolean;
}

/**
 * Theorem 2.3 of arXiv 2201.13195 at these moments: the variances, their ratio, and what bounds it.
 * Plain numbers that JSON can hold.
 *
 * @param variance the estimator's own, exact but for an average over draws
 * @param rows p, the rows of the sketch; for what keeps no rows, the rows that its bytes would hold
 * @throws UsageError for fewer than two rows, p that is not above 0, or moments that overflow
 */
export function theoremTerms(moments: Moments, variance: number, rows: number): TheoremTerms {
  const dSgd2 = sgdVariance(moments);
  checkVariance(variance);
  const defined = moments.normProduct > 0;
  const bound = defined ? publishedBound(moments) : Number.NaN;
  const ratio = dSgd2 > 0 ? varianceRatio(moments, variance, rows) : null;
  return {
    dSgd2,
    dRmm2Published: publishedRmmVariance(moments, rows),
    dRmm2: variance,
    alpha: defined ? correlation(moments) : null,
    ratio,
    boundPublished: finiteOrNull(bound),
    boundCorrected: defined ? finiteOrNull(correctedBound(moments)) : null,
    // Without any variance there is nothing to bound; without SGD's alone nothing bounds it.
    holds: ratio === null ? variance === 0 : !(ratio > bound),
  };
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
