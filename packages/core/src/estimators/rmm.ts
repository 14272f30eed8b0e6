import { checkFlag, checkSize } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { checkSketch } from '../checks/kinds.js';
import { UsageError } from '../errors.js';
import { ELEMENT_BYTES } from '../graph/types.js';
import { matmul } from '../ops/matmul.js';
import type { Sketch } from '../sketches/sketch.js';
import { centredGradient, centredMoments, centredSketch, centredTerms } from './centring.js';
import type { GradientEstimator } from './estimator.js';
import { withChecks } from './with-checks.js';

/** What {@link rmm} is told. */
export interface RmmOptions {
  readonly sketch: Sketch;
  /** ρ = kept rows / rows, in (0, 1]. */
  readonly rate: number;
}

/** What {@link rmm} may be told besides. */
export interface CentringOptions {
  /** Keeps the mean of X's rows and sketches what they differ by from it; false unless given. */
  readonly centred?: boolean;
}

/** @throws UsageError unless 0 < rate ≤ 1 */
export function expectRate(rate: number): void {
  if (!(typeof rate === 'number' && rate > 0 && rate <= 1))
    throw new UsageError(`the rate must be above 0 and at most 1, not ${describeValue(rate)}`);
}

/**
 * Rows that a rate keeps of `rows`: ρ · rows, rounded, and at least one, since an epoch's last batch,
 * or part of a graph, may be small. See {@link expectKeptRow} for a rate that is too low everywhere.
 * @throws UsageError for no number of rows, or a rate outside (0, 1]
 */
export function keptRows(rows: number, rate: number): number {
  checkSize('keptRows: rows', rows);
  expectRate(rate);
  return Math.max(1, Math.round(rate * rows));
}

/**
 * Keeps Sᵀx in x's place and estimates dW by (Sᵀ Y)ᵀ (Sᵀ X): unbiased, because E[S Sᵀ] = I.
 * Source: arXiv 2201.13195, algorithm 1.
 *
 * Centred, it keeps x̄, the mean of X's rows, beside Sᵀ(X − 1 x̄), one row more, and estimates dW by
 * (Sᵀ Y)ᵀ Sᵀ(X − 1 x̄) + (Yᵀ1) x̄, of which the second part is exact. The variance is the sketch's for
 * X − 1 x̄ in place of X, whose A is less by ‖1 x̄‖² ‖Y‖².
 *
 * @throws UsageError unless 0 < rate ≤ 1
 */
export function rmm(options: RmmOptions & CentringOptions): GradientEstimator {
  checkOptions('rmm', options, { sketch: true, rate: true, centred: checkFlag });
  const { sketch, rate, centred = false } = options;
  checkSketch("rmm's sketch", sketch);
  expectRate(rate);
  if (centred) return centredRmm(options);
  return withChecks({
    name: `rmm-${sketch.name}`,
    random: true,
    unbiased: true,
    ranksRows: false,
    rate,
    keep: (x, key) => ({ projected: sketch.apply(x, key!, keptRows(x.shape[0]!, rate)) }),
    weightGradient: ({ projected }, y, key) =>
      matmul(sketch.apply(y, key!, projected!.shape[0]!), projected!, { transposeA: true }),
    variance: (moments) => sketch.variance(moments, keptRows(moments.rows, rate)),
    bytes: ([rows, inputs]) => keptRows(rows, rate) * inputs * ELEMENT_BYTES,
  });
}

function centredRmm({ sketch, rate }: RmmOptions): GradientEstimator {
  const estimator = withChecks({
    name: `rmm-${sketch.name}-centred`,
    random: true,
    unbiased: true,
    ranksRows: false,
    rate,
    keep: (x, key) => centredSketch(x, { sketch, key: key!, rows: keptRows(x.shape[0]!, rate) }),
    weightGradient: ({ projected, mean }, y, key) => {
      const sketched = sketch.apply(y, key!, projected!.shape[0]!);
      return centredGradient({ projected: projected!, mean: mean! }, y, sketched);
    },
    varianceTerms: centredTerms,
    variance: (moments) =>
      sketch.variance(
        centredMoments(moments, moments.terms(estimator)),
        keptRows(moments.rows, rate),
      ),
    bytes: ([rows, inputs]) => (keptRows(rows, rate) + 1) * inputs * ELEMENT_BYTES,
  });
  return estimator;
}
