export { buildEstimator, chosenEstimator, estimatorOption } from './build.js';
export {
  type Alike,
  type AlikeLayers,
  alike,
  describeReport,
  type EstimatorReport,
  type LinearLayers,
  reportChosen,
} from './linear-layers.js';
export {
  addEstimatorOptions,
  ESTIMATOR_NAMES,
  type EstimatorOptions,
  estimatorList,
  oneEstimator,
  orInvalid,
} from './options.js';
export type { EstimatorChoice, EstimatorSpec } from './settings.js';
export { formatEstimator, parseEstimator } from './syntax.js';
