export { buildEstimator, chosenEstimator, estimatorOption } from './build.js';
export {
  addEstimatorOptions,
  ESTIMATOR_NAMES,
  type EstimatorOptions,
  estimatorList,
  oneEstimator,
  orInvalid,
} from './options.js';
export type { EstimatorChoice, EstimatorSettings, EstimatorSpec } from './settings.js';
export { formatEstimator, parseEstimator } from './syntax.js';
