import { checkPositive } from '../checks/check-members.js';
import { checkedMoments } from './checked-moments.js';
import type { Moments } from './moments.js';

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
