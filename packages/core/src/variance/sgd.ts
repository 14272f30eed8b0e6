import { UsageError } from '../errors.js';
import { checkedMoments, finite } from './checked-moments.js';
import type { Moments } from './moments.js';

/**
 * D²_SGD, the variance that a weight's gradient has anyway, because its B rows are a sample:
 *
 *     D²_SGD = (B Σ_i ‖x_i‖² ‖y_i‖² − ‖XᵀY‖²_F)/(B − 1) = (Q − T)/(B − 1),  Q = B·D
 *
 * Source: arXiv 2201.13195, eq. 9. Derivation: G = Σ_i g_i with g_i = y_i x_iᵀ. Taken as independent
 * draws, the g_i have the unbiased sample variance s² = (Σ ‖g_i‖² − ‖G‖²/B)/(B − 1), where ‖g_i‖² =
 * ‖x_i‖² ‖y_i‖²; the variance of a sum of B of them is B·s². Rows are the tokens of a batch, which
 * the paper takes as independent too.
 *
 * @param moments of X [rows, inputs] and Y [rows, outputs]
 * @throws UsageError for fewer than two rows, or moments that overflow
 */
export function sgdVariance(moments: Pick<Moments, SgdMoments>): number {
  const { rows, rowProducts, gradientNorm } = checkedMoments(moments);
  if (rows < 2)
    throw new UsageError(`D²_SGD is a sample variance: it needs at least two rows, not ${rows}`);
  const spread = finite('Q = B·D', rows * rowProducts) - gradientNorm;
  // Q ≥ T by Cauchy–Schwarz; where they are equal, rounding may put Q below.
  return Math.max(0, spread) / (rows - 1);
}

type SgdMoments = 'rows' | 'normProduct' | 'gradientNorm' | 'rowProducts';
