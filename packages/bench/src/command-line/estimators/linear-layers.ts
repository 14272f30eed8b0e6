import type { GradientEstimator, LayerEstimators } from '@sketchgrad/core';
import type { LayerChoice } from '@sketchgrad/train';
import { estimatorOption } from './build.js';
import type { EstimatorChoice } from './settings.js';
import { formatEstimator } from './syntax.js';

/** Estimators that a budget has chosen by layer, as a command's JSON has them. */
export interface ChosenByLayer {
  readonly estimator: 'chosen';
  readonly sketch: null;
  readonly rate: null;
  readonly choice: readonly LayerChoice[];
}

/** What a command's JSON says of the linear layers' estimators. */
export type EstimatorReport = EstimatorChoice | ChosenByLayer;

/** For people, and as a command line takes it: `rmm:gaussian:0.1`, or `chosen by layer`. */
export const describeReport = (report: EstimatorReport): string =>
  report.estimator === 'chosen' ? 'chosen by layer' : formatEstimator(report);

/** How the linear layers keep their inputs, and how to tell it. */
export interface LinearLayers {
  readonly report: EstimatorReport;
  /** An option to be spread; dense is the absence of one. */
  readonly option: { readonly estimator?: GradientEstimator | LayerEstimators };
}

/** One estimator for all layers. */
export const alike = (choice: EstimatorChoice): LinearLayers => ({
  report: choice,
  option: estimatorOption(choice),
});

/** What was chosen by layer. */
export const reportChosen = (choice: readonly LayerChoice[]): ChosenByLayer => ({
  estimator: 'chosen',
  sketch: null,
  rate: null,
  choice,
});
