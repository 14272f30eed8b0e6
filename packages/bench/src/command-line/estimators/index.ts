export { buildEstimator, chosenEstimator } from './build.js';
export {
  type Alike,
  type AlikeLayers,
  alike,
  describeReport,
  type EstimatorReport,
  type LinearLayers,
  noteOfKept,
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
