import type { GradientEstimator, LayerEstimators } from '@sketchgrad/core';
import type { LayerChoice } from '@sketchgrad/train';
import { buildEstimator, estimatorOption } from './build.js';
import type { EstimatorChoice } from './settings.js';
import { formatEstimator } from './syntax.js';

/** Estimators that a budget has chosen by layer, as a command's JSON has them. */
export interface ChosenByLayer {
  readonly estimator: 'chosen';
  readonly sketch: null;
  readonly rate: null;
  readonly choice: readonly LayerChoice[];
}

/** One estimator for all layers, or for those whose input is not free. */
export interface Alike extends EstimatorChoice {
  /** The rest of the layers have exact gradients. */
  readonly denseWhereFree?: true;
}

/** What a command's JSON says of the linear layers' estimators. */
export type EstimatorReport = Alike | ChosenByLayer;

/** For people: `rmm:gaussian:0.1`, as a command line takes it, or `chosen by layer`. */
export function describeReport(report: EstimatorReport): string {
  if (report.estimator === 'chosen') return 'chosen by layer';
  return formatEstimator(report) + (report.denseWhereFree ? ', dense where free' : '');
}

/** How the linear layers keep their inputs, and how to tell it. */
export interface LinearLayers {
  readonly report: EstimatorReport;
  /** An option to be spread; dense is the absence of one. */
  readonly option: { readonly estimator?: GradientEstimator | LayerEstimators };
}

/** {@link LinearLayers} of one estimator. */
export interface AlikeLayers extends LinearLayers {
  readonly report: Alike;
}

/**
 * One estimator for all layers.
 * @param whereNotFree puts exact gradients where they are free, the given estimator elsewhere; unless
 * given it is everywhere
 */
export const alike = (
  choice: EstimatorChoice,
  whereNotFree?: (estimator: GradientEstimator) => LayerEstimators,
): AlikeLayers =>
  whereNotFree && choice.estimator !== 'dense'
    ? {
        report: { ...choice, denseWhereFree: true },
        option: { estimator: whereNotFree(buildEstimator(choice)) },
      }
    : { report: choice, option: estimatorOption(choice) };

/** What was chosen by layer. */
export const reportChosen = (choice: readonly LayerChoice[]): ChosenByLayer => ({
  estimator: 'chosen',
  sketch: null,
  rate: null,
  choice,
});
