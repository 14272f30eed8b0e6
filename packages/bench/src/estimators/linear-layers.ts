import {
  checkFunction,
  checkMembers,
  type GradientEstimator,
  type KeepChoice,
  type LayerEstimators,
  type Model,
  type ObjectKind,
  type RecomputeMode,
} from '@sketchgrad/core';
import {
  freeLayers,
  keptBeyondDense,
  type LayerChoice,
  traceTrainingStep,
} from '@sketchgrad/train';
import {
  buildEstimator,
  type EstimatorSettings,
  type EstimatorSpec,
  formatEstimator,
  type SettledEstimator,
  settleEstimator,
  type Way,
} from '@sketchgrad/train/language';
import { counted } from '../counted.js';

const REPORT: ObjectKind = {
  accepted: "what layersOfEstimator reports, { estimator: 'rmm', … }",
  members: { estimator: 'string' },
};
const LAYERS: ObjectKind = {
  accepted: 'what layersOfEstimator gives',
  members: { report: 'object', option: 'object' },
};
const LAYER_OPTIONS: ObjectKind = {
  accepted: "{ everyLayer: false, recompute: 'cheap' }",
  members: { everyLayer: 'boolean', recompute: 'string' },
};

/** Estimators that a budget has chosen by layer, as a command's JSON has them. */
export interface ChosenByLayer {
  readonly estimator: 'chosen';
  readonly sketch: null;
  readonly rate: null;
  readonly choice: readonly LayerChoice[];
}

/** One estimator for the layers whose input is not free, or for all. */
export interface Alike extends SettledEstimator {
  /** All layers have it. */
  readonly everyLayer?: true;
  /** How many layers have exact gradients instead, because their input is free; absent for none. */
  readonly exactLayers?: number;
}

/** What a command's JSON says of the linear layers' estimators. */
export type EstimatorReport = Alike | ChosenByLayer;

/** A way in a command's JSON. */
export type WayReport = EstimatorReport &
  Pick<Way, 'keep' | 'recompute'> & { readonly way: string };

/** For people: `rmm:gaussian:0.1, exact in 36 layers`, or `chosen by layer`. */
export function describeReport(report: EstimatorReport): string {
  checkMembers('a report of estimators', report, REPORT);
  if (report.estimator === 'chosen') return 'chosen by layer';
  const { everyLayer, exactLayers = 0 } = report;
  return (
    formatEstimator(report) +
    (everyLayer ? ', every layer' : '') +
    (exactLayers > 0 ? `, exact in ${counted(exactLayers, 'layer')}` : '')
  );
}

/** How the linear layers keep their inputs, and how to tell it. */
export interface LinearLayers {
  readonly report: EstimatorReport;
  /** Options to be spread; dense is the absence of them. */
  readonly option: {
    readonly estimator?: GradientEstimator | LayerEstimators;
    readonly everyLayer?: true;
  };
}

/** {@link LinearLayers} of one estimator. */
export interface AlikeLayers extends LinearLayers {
  readonly report: Alike;
}

/** What decides how linear layers keep their inputs, beside the estimator. */
export interface LayerOptions extends EstimatorSettings {
  readonly everyLayer: boolean;
  readonly recompute: RecomputeMode;
  readonly keep?: KeepChoice | undefined;
  /** Of a step, where the model takes other sizes than sentences and graphs have. */
  readonly shape?: object | undefined;
}

/**
 * How a model's linear layers keep their inputs with one estimator: all of them, or those whose input is
 * not free.
 * @throws UsageError for settings that do not go together
 */
export function layersOfEstimator<Sizes extends object>(
  spec: EstimatorSpec,
  model: Model<Sizes>,
  options: LayerOptions,
): AlikeLayers {
  checkMembers('how layers keep their inputs', options, LAYER_OPTIONS);
  const choice = settleEstimator(spec, options);
  if (choice.estimator === 'dense') return { report: choice, option: {} };
  const estimator = buildEstimator(choice);
  const { everyLayer, recompute, keep, shape } = options;
  if (everyLayer) return { report: { ...choice, everyLayer }, option: { estimator, everyLayer } };
  const exactLayers = freeLayers(traceTrainingStep, model, { recompute, keep, shape }).size;
  return {
    report: { ...choice, ...(exactLayers > 0 ? { exactLayers } : {}) },
    option: { estimator },
  };
}

/**
 * What to warn of with a step that keeps more than it would with exact gradients in every layer.
 * @param denseBytes what it would keep then, by plan
 */
export function warningOfKept(
  layers: LinearLayers,
  keptBytes: number,
  denseBytes: () => number,
): string | undefined {
  checkMembers('linear layers', layers, LAYERS);
  checkFunction('denseBytes', denseBytes);
  const { report, option } = layers;
  const warning = option.estimator && keptBeyondDense(keptBytes, denseBytes());
  return warning && `warning: ${describeReport(report)}: ${warning}`;
}

/** What was chosen by layer. */
export const reportChosen = (choice: readonly LayerChoice[]): ChosenByLayer => ({
  estimator: 'chosen',
  sketch: null,
  rate: null,
  choice,
});
