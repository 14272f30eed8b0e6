import { type GradientEstimator, type LayerEstimators, planMemory } from '@sketchgrad/core';
import { exactWhereFree } from '../budget/exact-where-free.js';
import { layersOf } from '../loop/describe-estimator.js';
import type { NodeModel } from './model.js';
import { type NodeStepOptions, traceNodeStep } from './trace-node-step.js';

const SHAPE = { nodes: 8, entries: 8, rows: 4 };

/**
 * The exact gradient in each layer whose whole input is there in the backward pass anyway, as the
 * features of a graph are where nothing is dropped of them: there an estimator would keep more than
 * nothing, and add noise besides. The given estimator elsewhere.
 *
 * @param options of the step that this is for: what is free hangs on them
 * @throws what the model's graph throws
 */
export const denseWhereFreeOfNodes = (
  estimator: GradientEstimator | LayerEstimators,
  model: NodeModel,
  options: Pick<NodeStepOptions, 'recompute' | 'keep'> = {},
): LayerEstimators =>
  exactWhereFree(estimator, layersOf(model, SHAPE), (choice) => {
    const graph = traceNodeStep(model, { ...options, shape: SHAPE, estimator: choice });
    return planMemory(graph).keptBytes;
  });
