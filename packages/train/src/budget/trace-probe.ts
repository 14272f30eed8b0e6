import {
  backward,
  compressKept,
  type GradientEstimator,
  type Graph,
  type KeepChoice,
  mergeEqual,
  parameter,
  probed,
  type RecomputeMode,
  recompute,
  trace,
} from '@sketchgrad/core';
import type { StepShape, TrainableModel } from '../model.js';

/** Draws in each batch of what is averaged over draws: two tell how far the average is off. */
const DRAWS = 2;

/** What a step that is probed is like. */
export interface ProbedStep {
  readonly shape: StepShape;
  /** Whose variances are wanted of a layer; the norms of rows alone without any. */
  readonly estimators: (layer: string) => readonly GradientEstimator[];
  /** As in the steps that follow: few bits kept change cotangents. */
  readonly recompute: RecomputeMode;
  readonly keep?: KeepChoice | undefined;
}

/**
 * A forward and backward pass that updates nothing and returns what core's `probed` observes of all
 * the model's linear layers.
 */
export function traceProbe(
  model: TrainableModel,
  { shape, estimators, recompute: mode, keep = {} }: ProbedStep,
): Graph {
  const graph = trace(() => {
    const { loss } = model.build({
      shape,
      training: true,
      keep,
      estimator: ({ name }) => probed({ layer: name, estimators: estimators(name), draws: DRAWS }),
    });
    const values = model.parameters.map(({ name, shape }) => parameter(name, shape));
    backward(loss, values, () => {});
    return { loss };
  });
  return compressKept(recompute(mergeEqual(graph), mode), keep);
}
