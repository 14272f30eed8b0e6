import { checkVariance } from './checked-moments.js';
import { correctedBound } from './corrected-bound.js';
import { correlation } from './correlation.js';
import type { Moments } from './moments.js';
import { publishedBound } from './published-bound.js';
import { publishedRmmVariance } from './published-rmm.js';
import { varianceRatio } from './ratio.js';
import { sgdVariance } from './sgd.js';

/** Both sides of the paper's theorem 2.3 for one layer at one step. */
export interface TheoremTerms {
  /** D²_SGD, eq. 9. */
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
