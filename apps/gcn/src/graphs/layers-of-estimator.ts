import {
  type AlikeLayers,
  alike,
  chosenEstimator,
  type EstimatorSpec,
} from '@sketchgrad/bench/command-line';
import type { GraphNetwork } from '@sketchgrad/models';
import { denseWhereFreeOfNodes } from '@sketchgrad/train';
import type { SharedOptions } from '../options/shared.js';

/** How a network's linear layers keep their inputs, by `--estimator` and by `--dense-where-free`. */
export function layersOfEstimator(
  estimator: EstimatorSpec,
  network: GraphNetwork,
  options: SharedOptions,
): AlikeLayers {
  const choice = chosenEstimator(estimator, options);
  const { recompute, keep } = options;
  return alike(
    choice,
    options.denseWhereFree
      ? (each) => denseWhereFreeOfNodes(each, network, { recompute, ...(keep && { keep }) })
      : undefined,
  );
}
