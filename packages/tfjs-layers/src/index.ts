export { type FitCallbacks, type FitOptions, type FitRun, fit } from './fit/fit.js';
export type { Loss, ModelOutput } from './losses/index.js';
export {
  fromLayersModel,
  LayersGraph,
  type LayersGraphOptions,
  type LayersInput,
  type LayersShape,
} from './model/layers-graph.js';
export { type RmmDenseOptions, rmmDense } from './rmm-dense/rmm-dense.js';
