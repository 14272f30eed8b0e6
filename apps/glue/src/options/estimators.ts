import { type GradientEstimator, gaussian, rademacher, rmm, type Sketch } from '@sketchgrad/core';
import { InvalidArgumentError } from 'commander';

/** Names of the estimators that a command line can ask for. */
export const ESTIMATORS = ['dense', 'rmm'] as const;
export type EstimatorName = (typeof ESTIMATORS)[number];

const sketches = { gaussian, rademacher } satisfies Record<string, () => Sketch>;
/** Names of the sketches that it can ask for. */
export const SKETCHES = Object.keys(sketches) as readonly SketchName[];
export type SketchName = keyof typeof sketches;

/** An estimator as a command line's options and its JSON have it. */
export interface EstimatorChoice {
  readonly estimator: EstimatorName;
  /** Null for an estimator that has none. */
  readonly sketch: SketchName | null;
  /** Rows kept for a row of input; null for an estimator that keeps them all. */
  readonly rate: number | null;
}

/** Fills in what an estimator needs from the options. */
export const chosenEstimator = (
  estimator: EstimatorName,
  { sketch, rate }: { readonly sketch: SketchName; readonly rate: number },
): EstimatorChoice =>
  estimator === 'dense' ? { estimator, sketch: null, rate: null } : { estimator, sketch, rate };

/** The estimator itself, as an option to be spread; dense is the absence of one. */
export const estimatorOption = ({
  sketch,
  rate,
}: EstimatorChoice): { readonly estimator?: GradientEstimator } =>
  sketch === null || rate === null ? {} : { estimator: rmm({ sketch: sketches[sketch](), rate }) };

/** `dense`, or `rmm gaussian 0.1`. */
export const describeEstimator = ({ estimator, sketch, rate }: EstimatorChoice): string =>
  [estimator, sketch, rate].filter((part) => part !== null).join(' ');

/** Parses a list such as `dense,rmm`. */
export function estimatorList(text: string): EstimatorName[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !ESTIMATORS.some((known) => known === name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`'${unknown}' is none of ${ESTIMATORS.join(', ')}.`);
  if (new Set(names).size < names.length)
    throw new InvalidArgumentError('Each estimator may come once.');
  return names as EstimatorName[];
}
