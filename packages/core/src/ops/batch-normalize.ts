import { checkOneOf, checkPositive, checkShare, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ShapeError, UsageError } from '../errors.js';
import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements, f32 } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { batchNormalizeGradient } from './batch-normalize-gradient.js';
import { moveAverage } from './move-average.js';
import { expectType } from './rules.js';
import { sequenceSizes } from './sequences.js';

const build = defineOp<{ readonly epsilon: number }>({
  name: 'batchNormalize',
  infer: ([x, starts]) => {
    expectType('x', x!, 'f32', 2);
    const [rows, features] = x!.shape as [number, number];
    if (rows < 2) throw new ShapeError(`the variance over the rows needs two of them, not ${rows}`);
    if (starts) sequenceSizes(rows, starts);
    return [x!, f32(features), f32(features), f32(features)];
  },
  // From the normalised output, not from x: the output is needed anyway and x is then free.
  vjp: ([, starts], [y, inverse], [dy]) => [
    dy && batchNormalizeGradient(y!, inverse!, dy, starts),
    undefined,
  ],
  flops: ([x]) => 7 * elements(x!),
  overwrites: [0],
});

/** Means and variances of features over the batches so far: persistent tensors, f32 [features]. */
export interface RunningStatistics {
  readonly mean: Value;
  readonly variance: Value;
}

/** @throws UsageError for what are no means and variances */
export function checkRunning(name: string, running: unknown): void {
  checkOptions(name, running as RunningStatistics, { mean: checkValue, variance: checkValue });
}

/** How {@link batchNormalize} normalises. */
export interface BatchNormalizeOptions {
  /** Added to the variance. */
  readonly epsilon: number;
  /** Moved towards this batch's statistics, in place. */
  readonly running?: RunningStatistics;
  /** The share of this batch in the running statistics; 0.1 unless told. */
  readonly momentum?: number;
  /**
   * Where the last sequence ends, i32 [examples + 1]: the rows behind that are nobody's, have no part in
   * the statistics, and are zeros in the result. All rows count unless given; a run fails with a
   * BackendError where it is not within [2, rows].
   */
  readonly starts?: Value;
  /**
   * Towards which variance the running one is moved: `unbiased`, rows/(rows − 1) times the population's, as
   * PyTorch has it, unless given, or `population`, as TensorFlow.js has it; that not with `starts`.
   */
  readonly variance?: (typeof RUNNING_VARIANCES)[number];
}

const RUNNING_VARIANCES = ['unbiased', 'population'] as const;

/**
 * Batch normalisation without its affine part, in training: each feature minus its mean over the
 * rows, over its standard deviation (of the population; ε is added to the variance).
 * Source: arXiv 1502.03167.
 *
 * @param x f32 [rows, features], of at least two rows
 * @returns f32 [rows, features]
 * @throws UsageError unless ε > 0 and the momentum is in [0, 1], and for a variance that there is not; ShapeError for fewer than two rows
 */
export function batchNormalize(x: Value, options: BatchNormalizeOptions): Value {
  checkOptions('batchNormalize', options, {
    epsilon: checkPositive,
    running: optional(checkRunning),
    momentum: optional(checkShare),
    starts: optional(checkValue),
    variance: optional((name, value) => checkOneOf(name, value, RUNNING_VARIANCES)),
  });
  const { epsilon, running, momentum = 0.1, starts, variance: towards = 'unbiased' } = options;
  if (starts && towards === 'population')
    throw new UsageError("batchNormalize's variance is 'unbiased' where it has starts");
  const [y, , mean, variance] = build([x, ...(starts === undefined ? [] : [starts])], { epsilon });
  if (running) {
    const rows = x.shape[0]!;
    moveAverage(running.mean, mean!, { momentum });
    // Where a run alone knows how many rows there are, the op gives the unbiased variance itself.
    const factor = starts || towards === 'population' ? 1 : rows / (rows - 1);
    moveAverage(running.variance, variance!, { momentum, factor });
  }
  return y!;
}
