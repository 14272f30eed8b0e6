import { type GradientEstimator, type LayerEstimators, planMemory } from '@sketchgrad/core';
import { layersOf } from '../loop/describe-estimator.js';
import type { TrainableModel } from '../model.js';
import { type TrainingStepOptions, traceTrainingStep } from '../step/trace-training-step.js';
import { exactWhereFree } from './exact-where-free.js';

const SHAPE = { batchSize: 4, sequence: 4 };

/**
 * The exact gradient in each layer whose whole input the backward pass makes again from what it
 * keeps anyway, as it does behind a norm or a GELU where those are recomputed: there an estimator
 * would keep more than X, and add noise besides. The given estimator elsewhere.
 *
 * @param options of the step that this is for: what is free hangs on them
 * @throws what the model's graph throws
 */
export const denseWhereFree = (
  estimator: GradientEstimator | LayerEstimators,
  model: TrainableModel,
  options: Pick<TrainingStepOptions, 'recompute' | 'keep'> = {},
): LayerEstimators =>
  exactWhereFree(estimator, layersOf(model, SHAPE), (choice) => {
    const graph = traceTrainingStep(model, { ...options, shape: SHAPE, estimator: choice });
    return planMemory(graph).keptBytes;
  });
