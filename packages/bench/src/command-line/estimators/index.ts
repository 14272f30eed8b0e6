export { ESTIMATOR_DECIDES } from './decides.js';
export {
  type Alike,
  type AlikeLayers,
  alike,
  describeReport,
  type EstimatorReport,
  type LinearLayers,
  reportChosen,
  type WayReport,
  warningOfKept,
} from './linear-layers.js';
export {
  addEstimatorOptions,
  type EstimatorOptions,
  estimatorList,
  estimatorOption,
  estimatorsOption,
  orInvalid,
} from './options.js';
export { refuseRepeated } from './refuse-repeated.js';
