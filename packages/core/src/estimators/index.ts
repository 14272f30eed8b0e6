export { dense } from './dense.js';
export {
  type GradientEstimator,
  type KeepOptions,
  type Kept,
  type KeptInput,
  keepInput,
} from './estimator.js';
export type { LayerEstimators, LinearLayer } from './layer-estimators.js';
export { priorityInput, rankedLayers, rowNormOutput } from './priorities.js';
export { keptRows, type RmmOptions, rmm } from './rmm.js';
