export { balancedCountVariance } from './balanced-count.js';
export { blockedVariance, type RowMoments } from './blocked.js';
export { checkedMoments } from './checked-moments.js';
export {
  type DrawnOthers,
  drawnRowsVariance,
  uniformRowsVariance,
  winnerRowsVariance,
} from './drawn-rows.js';
export { independentEntriesVariance } from './independent-entries.js';
export type {
  ExampleMoments,
  HasVariance,
  Moments,
  VarianceTerms,
  VarianceTermsOptions,
} from './moments.js';
export { basisFourthPowers, orthonormalRowsVariance } from './orthonormal-rows.js';
export { sgdVariance, sgdVarianceByExample } from './sgd.js';
export {
  correctedBound,
  correlation,
  publishedBound,
  publishedBoundHolds,
  publishedRmmVariance,
  type TheoremTerms,
  theoremTerms,
  varianceRatio,
} from './theorem.js';
