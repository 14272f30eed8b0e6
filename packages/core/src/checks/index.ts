export { checkEstimator, checkEstimators } from './check-estimator.js';
export {
  type Check,
  checkCount,
  checkFlag,
  checkFunction,
  checkMembers,
  checkOneOf,
  checkPositive,
  checkText,
  checkWord,
  type MemberKind,
  type ObjectKind,
} from './check-members.js';
export { checkOptions, type OptionNames } from './check-options.js';
export { describeValue } from './describe-value.js';
export { checkBackend, checkGraph, checkState } from './kinds.js';
export { nearName } from './near-name.js';
