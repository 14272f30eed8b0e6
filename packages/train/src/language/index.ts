export { buildEstimator, byValue, settleEstimator, usualSetting } from './build.js';
export { describeKeep, keepText, parseKeep } from './keep.js';
export {
  ESTIMATORS,
  type EstimatorName,
  type EstimatorSettings,
  type EstimatorSpec,
  SETTINGS,
  type SettledEstimator,
} from './settings.js';
export { formatEstimator, parseEstimator } from './syntax.js';
export { parseSetting } from './values.js';
export {
  buildWay,
  formatWay,
  parseWay,
  parseWays,
  type Way,
  type WayOptions,
} from './way.js';
