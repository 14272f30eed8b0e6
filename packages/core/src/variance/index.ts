export { balancedCountVariance } from './balanced-count.js';
export { blockedVariance, type RowMoments } from './blocked.js';
export { checkedMoments } from './checked-moments.js';
export { correctedBound } from './corrected-bound.js';
export { correlation } from './correlation.js';
export {
  type DrawnOthers,
  drawnRowsVariance,
  uniformRowsVariance,
  winnerRowsVariance,
} from './drawn-rows.js';
export { independentEntriesVariance } from './independent-entries.js';
export type { HasVariance, Moments, VarianceTerms, VarianceTermsOptions } from './moments.js';
export { basisFourthPowers, orthonormalRowsVariance } from './orthonormal-rows.js';
export { publishedBound } from './published-bound.js';
export { publishedBoundHolds } from './published-bound-holds.js';
export { publishedRmmVariance } from './published-rmm.js';
export { varianceRatio } from './ratio.js';
export { sgdVariance } from './sgd.js';
export { type TheoremTerms, theoremTerms } from './theorem.js';
