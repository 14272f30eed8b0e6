import {
  dense,
  estimatorOf,
  type GradientEstimator,
  type LayerEstimators,
  planMemory,
} from '@sketchgrad/core';
import { layersOf } from '../loop/describe-estimator.js';
import type { TrainableModel } from '../model.js';
import { type TrainingStepOptions, traceTrainingStep } from '../step/trace-training-step.js';
import { addedBytes } from './added-bytes.js';

/** Whether an input is free hangs on how layers follow one another, not on a step's size. */
const SHAPE = { batchSize: 4, sequence: 4 };

/**
 * The exact gradient in each layer whose whole input the backward pass makes again from what it
 * keeps anyway, as it does behind a norm or a GELU where those are recomputed: there an estimator
 * would keep more than X, and add noise besides. The given estimator elsewhere.
 *
 * @param options of the step that this is for: what is free hangs on them
 * @throws what the model's graph throws
 */
export function denseWhereFree(
  estimator: GradientEstimator | LayerEstimators,
  model: TrainableModel,
  options: Pick<TrainingStepOptions, 'recompute' | 'keep'> = {},
): LayerEstimators {
  const exact = dense();
  const layers = layersOf(model, SHAPE);
  const added = addedBytes(layers, [{ name: 'dense', estimator: exact }], (choice) => {
    const graph = traceTrainingStep(model, { ...options, shape: SHAPE, estimator: choice });
    return planMemory(graph).keptBytes;
  });
  const free = new Set(layers.filter((_, at) => added[at]![0] === 0).map(({ name }) => name));
  return (layer) => (free.has(layer.name) ? exact : estimatorOf(estimator, layer));
}
