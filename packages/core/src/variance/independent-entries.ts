import { checkAmount, checkCount } from '../checks/check-members.js';
import type { RowMoments } from './blocked.js';
import { checkedMoments } from './checked-moments.js';

/**
 * Exact E‖(Sᵀ Y)ᵀ (Sᵀ X) − Yᵀ X‖²_F for S of independent entries with mean 0, variance 1/p and
 * kurtosis κ: (A + T + (κ − 3) D)/p.
 *
 * The estimate is a mean over p independent columns s of Yᵀ s sᵀ X, so its variance is that of one
 * column over p. For one column of unit variance E[s_i s_j s_k s_l] pairs the indices three ways,
 * (ij)(kl), (ik)(jl), (il)(jk), plus κ − 3 where all four agree; summed against X and Y the three
 * pairings give T, A and T, the correction D, and T is subtracted as the mean's square. The
 * published form (arXiv 2201.13195, eq. 11) is (A − T)/p: it lacks one of the pairings.
 *
 * @param rows p, the rows of the sketch
 */
export function independentEntriesVariance(
  moments: RowMoments,
  rows: number,
  kurtosis: number,
): number {
  const { normProduct, gradientNorm, rowProducts } = checkedMoments(moments);
  checkCount("a sketch's rows", rows);
  checkAmount('kurtosis', kurtosis);
  return (normProduct + gradientNorm + (kurtosis - 3) * rowProducts) / rows;
}
