import { checkMembers, dense, type LayerEstimators, nearName, UsageError } from '@sketchgrad/core';
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
  /** The variance that the gradient has anyway, because a batch is a sample. */
  readonly dSgd2: number;
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
  readonly dSgd2: number;
}

/**
 * The estimators of a choice, for a layer that it does not name dense.
 * @param candidates among them all that the choice names, but dense
 */
export function chosenEstimators(
  choice: { readonly layers: readonly Pick<LayerChoice, 'layer' | 'estimator'>[] },
  candidates: readonly Candidate[],
): LayerEstimators {
  const exact = dense();
  checkMembers('a choice', choice, {
    accepted: "what a budget chose, such as a run's `choice`",
    members: { layers: 'array' },
  });
  checkCandidates(candidates);
  const { layers } = choice;
  const byName = new Map([
    ['dense', exact],
    ...candidates.map(({ name, estimator }) => [name, estimator] as const),
  ]);
  const byLayer = new Map(
    layers.map(({ layer, estimator }) => {
      const found = byName.get(estimator);
      if (!found)
        throw new UsageError(
          `the layer '${layer}' was given '${estimator}', which is none of the candidates${nearName(estimator, byName.keys())}`,
        );
      return [layer, found];
    }),
  );
  return ({ name }) => byLayer.get(name) ?? exact;
}
