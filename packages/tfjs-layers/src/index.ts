export type { Callbacks, FitCallbacks, TfCallback } from './fit/callbacks.js';
export { type FitOptions, type FitRun, fit } from './fit/fit.js';
export type { Given } from './fit/tensors.js';
export type { Loss, ModelOutput } from './losses/index.js';
export type { MetricNames } from './metrics/index.js';
export type { LayersInput } from './model/inputs.js';
export {
  fromLayersModel,
  LayersGraph,
  type LayersGraphOptions,
  type LayersShape,
} from './model/layers-graph.js';
export type { LayersOutput, Losses, LossWeights } from './model/outputs.js';
export { type RmmDenseOptions, rmmDense } from './rmm-dense/rmm-dense.js';
