import { dense, estimatorOf, type GradientEstimator, type LayerEstimators } from '@sketchgrad/core';
import { type FreeInputOptions, freeLayers, type TraceStep } from './free-layers.js';

/** Whether layers whose input is free are compressed as well. */
export interface EveryLayerOption {
  /**
   * Takes the estimator in every layer, whatever it costs, as arXiv 2201.13195 does. Unless it is true,
   * layers whose whole input the backward pass has anyway have exact gradients: an estimator would keep
   * more there than nothing, and add noise besides.
   */
  readonly everyLayer?: boolean | undefined;
}

const EXACT = dense();

/**
 * How the layers of a step keep their inputs: the exact gradient where that keeps nothing, the given
 * estimator elsewhere; or as given with `everyLayer`.
 *
 * @throws what the model's graph throws
 */
export function exactWhereFree<Model extends object>(
  estimator: GradientEstimator | LayerEstimators | undefined,
  traceStep: TraceStep<Model>,
  model: Model,
  { everyLayer = false, ...options }: FreeInputOptions & EveryLayerOption = {},
): GradientEstimator | LayerEstimators | undefined {
  if (!estimator || everyLayer) return estimator;
  const free = freeLayers(traceStep, model, options);
  if (free.size === 0) return estimator;
  return (layer) => (free.has(layer.name) ? EXACT : estimatorOf(estimator, layer));
}
