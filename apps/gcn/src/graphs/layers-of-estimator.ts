import { type AlikeLayers, alike } from '@sketchgrad/bench/command-line';
import type { GraphNetwork } from '@sketchgrad/models';
import { freeLayers, traceTrainingStep } from '@sketchgrad/train';
import { type EstimatorSpec, settleEstimator } from '@sketchgrad/train/language';
import type { SharedOptions } from '../options/shared.js';

/** How a network's linear layers keep their inputs, by `--estimator` and by `--every-layer`. */
export const layersOfEstimator = (
  estimator: EstimatorSpec,
  network: GraphNetwork,
  options: SharedOptions,
): AlikeLayers =>
  alike(
    settleEstimator(estimator, options),
    options.everyLayer,
    () => freeLayers(traceTrainingStep, network, options).size,
  );
