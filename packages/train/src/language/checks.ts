import { checkOneOf, describeValue, UsageError } from '@sketchgrad/core';
import {
  ESTIMATORS,
  type EstimatorSettings,
  type EstimatorSpec,
  SETTINGS,
  SKETCHES,
} from './settings.js';

/** @throws UsageError for what is no text */
export function checkTyped(what: string, value: unknown, example: string): void {
  if (typeof value !== 'string')
    throw new UsageError(
      `${what} is a text, such as '${example}', but it is ${describeValue(value)}`,
    );
}

/** @throws UsageError for what names no estimator, or a sketch that there is not */
export function checkSpec(spec: Pick<EstimatorSpec, 'estimator'>): void {
  if (typeof spec !== 'object' || spec === null)
    throw new UsageError(
      `an estimator is told by its name and settings, such as parseEstimator('rmm:count:0.1') gives, but it is ${describeValue(spec)}`,
    );
  checkOneOf('estimator', spec.estimator, ESTIMATORS);
  checkSettings(spec as EstimatorSettings);
}

/** @throws UsageError for what is no settings, or a sketch that there is not */
export function checkSettings(settings: EstimatorSettings): void {
  if (typeof settings !== 'object' || settings === null)
    throw new UsageError(
      `settings of estimators are an object, such as { rate: 0.1 }, but they are ${describeValue(settings)}`,
    );
  if ((settings.sketch ?? null) !== null) checkOneOf('sketch', settings.sketch, SKETCHES);
}

/** @throws UsageError for what is no setting's name */
export const checkSettingName = (name: unknown): void =>
  checkOneOf('a setting', name, [...new Set<string>(Object.values(SETTINGS).flat())]);
