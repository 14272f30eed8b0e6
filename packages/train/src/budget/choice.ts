import {
  checkMembers,
  dense,
  describeValue,
  type GradientEstimator,
  type LayerEstimators,
  type LinearLayer,
  nearName,
  UsageError,
} from '@sketchgrad/core';
import { type Candidate, checkCandidates } from './candidates.js';

/** What was chosen for a layer. */
export interface LayerChoice {
  readonly layer: string;
  /** The candidate's name. */
  readonly estimator: string;
  /** What it adds to the bytes that a step keeps: 0 where its input is made again anyway. */
  readonly addedBytes: number;
  /** What it adds to the variance of the weight's gradient, E‖dŴ − dW‖². */
  readonly variance: number;
  /** The standard error of `variance` where it is an average over draws, else 0: it is exact. */
  readonly varianceError: number;
  /** The variance that the gradient has anyway, because a batch's examples are a sample. */
  readonly dSgd2ByExample: number;
}

/** An estimator for each layer, and what they cost together. */
export interface EstimatorChoice {
  readonly layers: readonly LayerChoice[];
  /** Planned for the largest of the run's steps. */
  readonly keptBytes: number;
  readonly peakBytes: number;
  /** Added variance of all layers. */
  readonly variance: number;
  /** Its standard error: 0 but for estimators whose variance is an average over draws. */
  readonly varianceError: number;
  readonly dSgd2ByExample: number;
}

/**
 * The estimators of a choice.
 *
 * @param candidates among them all that the choice names, but dense
 * @param modelLayers the layers of the model that it is for, as `layersOf` tells them
 * @throws UsageError for a choice of another model: a layer that this one has not, or that it lacks
 */
export function chosenEstimators(
  choice: { readonly layers: readonly Pick<LayerChoice, 'layer' | 'estimator'>[] },
  candidates: readonly Candidate[],
  modelLayers: readonly Pick<LinearLayer, 'name'>[],
): LayerEstimators {
  const exact = dense();
  checkMembers('a choice', choice, {
    accepted: "what a budget chose, such as a run's `choice`",
    members: { layers: 'array' },
  });
  checkCandidates(candidates);
  const { layers } = choice;
  for (const each of layers)
    if (typeof each?.layer !== 'string' || typeof each.estimator !== 'string')
      throw new UsageError(
        `a layer of a choice has the names of itself and of its estimator, but it is ${describeValue(each)}`,
      );
  if (!Array.isArray(modelLayers) || modelLayers.some((each) => typeof each?.name !== 'string'))
    throw new UsageError(
      `the model's layers must be what layersOf gives, but they are ${describeValue(modelLayers)}`,
    );
  const byName = new Map([
    ['dense', exact],
    ...candidates.map(({ name, estimator }) => [name, estimator] as const),
  ]);
  const byLayer = new Map<string, GradientEstimator>();
  const names = modelLayers.map(({ name }) => name);
  for (const { layer, estimator } of layers) {
    if (!names.includes(layer))
      throw new UsageError(
        `the choice has a layer '${layer}', which the model has not${nearName(layer, names)}`,
      );
    if (byLayer.has(layer)) throw new UsageError(`the choice has the layer '${layer}' twice`);
    const found = byName.get(estimator);
    if (!found)
      throw new UsageError(
        `the layer '${layer}' was given '${estimator}', which is none of the candidates${nearName(estimator, byName.keys())}`,
      );
    byLayer.set(layer, found);
  }
  const missing = names.find((name) => !byLayer.has(name));
  if (missing !== undefined)
    throw new UsageError(`the choice says nothing of the model's layer '${missing}'`);
  return ({ name }) => {
    const found = byLayer.get(name);
    if (!found) throw new UsageError(`the choice says nothing of the model's layer '${name}'`);
    return found;
  };
}
