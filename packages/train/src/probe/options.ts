import {
  checkCount,
  checkEstimator,
  checkOptions,
  checkText,
  describeValue,
  type GradientEstimator,
  type TheoremTerms,
  UsageError,
} from '@sketchgrad/core';

/** What is observed of a run's linear layers. */
export interface ProbeOptions {
  /** Names of layers: `encoder.layer.3.output.dense`. */
  readonly layers: readonly string[];
  /** Whose variance is told beside SGD's own. The layers need not be trained with it. */
  readonly estimator: GradientEstimator;
  /** Steps from one probed step to the next, the first one included; 1 unless given. */
  readonly every?: number;
  /** Estimates, each by a fresh key, that the variance is measured from as well; 0 unless given. */
  readonly measured?: number;
  /** Told of each layer after each probed step. */
  readonly onRecord: (record: ProbeRecord) => void;
}

/** The noise in one layer's gradient at one step: both sides of theorem 2.3 of arXiv 2201.13195. */
export interface ProbeRecord extends TheoremTerms {
  /** Updates made, this one included. */
  readonly step: number;
  readonly layer: string;
  /**
   * D²_SGD by example, where `dSgd2` takes rows for independent draws, as the paper does; null of a
   * batch of one example.
   */
  readonly dSgd2ByExample: number | null;
  /** The standard error of `dRmm2` where it is an average over draws, else 0: it is exact. */
  readonly dRmm2Error: number;
  /** The mean ‖Ĝ − G‖² of estimates by fresh keys; null where none were made. */
  readonly dRmm2Measured: number | null;
}

/** @throws UsageError for an option that no run can have */
export function checkProbe(probe: ProbeOptions, accumulates: boolean): void {
  checkOptions('probe', probe, {
    ...{ layers: true, estimator: true, every: true, measured: true, onRecord: true },
  });
  const { layers, estimator, every, measured, onRecord } = probe;
  if (!Array.isArray(layers))
    throw new UsageError(
      `probe's layers must be an array of names, but it is ${describeValue(layers)}`,
    );
  for (const [place, name] of layers.entries()) checkText(`probe's layers[${place}]`, name);
  checkEstimator("probe's estimator", estimator);
  if (typeof onRecord !== 'function')
    throw new UsageError(
      `probe's onRecord must be a function, but it is ${describeValue(onRecord)}`,
    );
  if (layers.length === 0) throw new UsageError('a probe needs at least one layer');
  const twice = layers.find((name, index) => layers.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`the layer '${twice}' is probed twice`);
  if (every !== undefined) checkCount('every', every);
  if (measured !== undefined && measured !== 0) checkCount('measured', measured);
  if (accumulates)
    throw new UsageError(
      'a probe looks at whole batches: accumulate must be 1 with it, or not given',
    );
}

/** Whether a step, counted from 0, is probed. */
export const isProbed = (probe: ProbeOptions | undefined, step: number): boolean =>
  probe !== undefined && step % (probe.every ?? 1) === 0;
