import {
  alike,
  chosenEstimator,
  type EstimatorOptions,
  type EstimatorSpec,
  type LinearLayers,
  type Way,
} from '@sketchgrad/bench/command-line';
import type { KeepChoice } from '@sketchgrad/core';
import type { EncoderClassifier } from '@sketchgrad/models';
import { denseWhereFree } from '@sketchgrad/train';

/** What decides over a model's linear layers, beside the estimator. */
interface LayerOptions
  extends Partial<EstimatorOptions>,
    Pick<Way, 'denseWhereFree' | 'recompute'> {
  readonly keep?: KeepChoice | undefined;
}

/** How a model's linear layers keep their inputs by `--estimator`, and by `--dense-where-free`. */
export function layersOfEstimator(
  estimator: EstimatorSpec,
  model: EncoderClassifier,
  options: LayerOptions,
): LinearLayers {
  const choice = chosenEstimator(estimator, options);
  const { recompute, keep } = options;
  return alike(
    choice,
    options.denseWhereFree
      ? (each) => denseWhereFree(each, model, { recompute, ...(keep && { keep }) })
      : undefined,
  );
}
