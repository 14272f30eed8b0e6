import { alike, type EstimatorOptions, type LinearLayers } from '@sketchgrad/bench/command-line';
import type { KeepChoice } from '@sketchgrad/core';
import type { EncoderClassifier } from '@sketchgrad/models';
import { freeLayers, traceTrainingStep } from '@sketchgrad/train';
import { type EstimatorSpec, settleEstimator, type Way } from '@sketchgrad/train/language';

/** What decides over a model's linear layers, beside the estimator. */
interface LayerOptions
  extends Partial<Omit<EstimatorOptions, 'everyLayer'>>,
    Pick<Way, 'everyLayer' | 'recompute'> {
  readonly keep?: KeepChoice | undefined;
}

/** How a model's linear layers keep their inputs, by `--estimator` and by `--every-layer`. */
export const layersOfEstimator = (
  estimator: EstimatorSpec,
  model: EncoderClassifier,
  options: LayerOptions,
): LinearLayers =>
  alike(
    settleEstimator(estimator, options),
    options.everyLayer,
    () => freeLayers(traceTrainingStep, model, options).size,
  );
