import { checkFlag, oneOf } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { UsageError } from '../errors.js';
import { ELEMENT_BYTES } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { gather } from '../ops/gather.js';
import { matmul } from '../ops/matmul.js';
import { multiply } from '../ops/multiply.js';
import { reshape } from '../ops/reshape.js';
import { rowSquaredNorms } from '../ops/row-squared-norms.js';
import { sampleRows } from '../ops/sample-rows.js';
import { scale } from '../ops/scale.js';
import { scatterAdd } from '../ops/scatter-add.js';
import { uniformRows } from '../ops/uniform-rows.js';
import { drawnRowsVariance, uniformRowsVariance } from '../variance/drawn-rows.js';
import type { GradientEstimator, Kept } from './estimator.js';
import { expectRate, keptRows } from './rmm.js';
import { guessedWeights, guessedWeightsOf } from './row-weights.js';
import { withChecks } from './with-checks.js';

/** By what rows are drawn: all alike, ∝ ‖x_i‖², or ∝ ‖x_i‖ times a guess of ‖y_i‖. */
export const ROW_CHOICES = ['uniform', 'norm', 'optimal'] as const;
export type RowChoice = (typeof ROW_CHOICES)[number];

/** What {@link rows} is told. */
export interface RowsOptions {
  /** ρ = drawn rows / rows, in (0, 1]. */
  readonly rate: number;
  readonly by: RowChoice;
  /** Whether a row may be drawn again; only uniform draws can do without, and do unless told. */
  readonly replacement?: boolean;
}

/**
 * Keeps some rows of X, scaled so that the estimate of dW from them and the same rows of Y is
 * unbiased: Σ_t y_i x_iᵀ/(p q_i). `optimal` draws by a guess of the cotangents' norms, which part
 * of the draws does not follow, so that a wrong one costs variance alone. Source: Drineas, Kannan and
 * Mahoney, "Fast Monte Carlo algorithms for matrices I", 2006.
 *
 * @throws UsageError unless 0 < rate ≤ 1, and for draws by weight without replacement
 */
export function rows(options: RowsOptions): GradientEstimator {
  checkOptions('rows', options, { rate: true, by: oneOf(ROW_CHOICES), replacement: checkFlag });
  const { rate, by, replacement = by !== 'uniform' } = options;
  expectRate(rate);
  if (by !== 'uniform' && !replacement)
    throw new UsageError(`only uniform rows can be drawn without replacement, not by '${by}'`);
  const common = {
    random: true,
    unbiased: true,
    rate,
    weightGradient: rowsGradient,
    restore: restoredRows,
    bytes: keptRowsBytes(rate),
  };
  if (by === 'uniform')
    return withChecks({
      ...common,
      name: replacement ? 'rows-uniform-replacement' : 'rows-uniform',
      ranksRows: false,
      keep: (x, key) => {
        const [all, count] = [x.shape[0]!, keptRows(x.shape[0]!, rate)];
        const indices = uniformRows(all, { count, replacement, key: key! });
        return { indices, rows: scale(gather(x, indices), all / count) };
      },
      variance: (moments) =>
        uniformRowsVariance(moments, keptRows(moments.rows, rate), replacement),
    });
  return withChecks({
    ...common,
    name: `rows-${by}`,
    ranksRows: by === 'optimal',
    keep: (x, key, priorities) => {
      const weights = priorities ? guessedWeights(x, priorities) : rowSquaredNorms(x);
      const count = keptRows(x.shape[0]!, rate);
      return scaledRows(x, ...sampleRows(weights, { count, key: key! }));
    },
    variance: (moments, priorities) =>
      drawnRowsVariance(
        moments,
        by === 'norm' ? moments.xNorms : guessedWeightsOf(moments.xNorms, priorities),
        keptRows(moments.rows, rate),
      ),
  });
}

/** Rows of x, each times its factor, beside which ones they are. */
export const scaledRows = (x: Value, indices: Value, factors: Value): Kept => ({
  indices,
  rows: multiply(gather(x, indices), reshape(factors, [factors.shape[0]!, 1])),
});

/** The same rows of y, transposed, times the kept rows. */
export const rowsGradient: GradientEstimator['weightGradient'] = ({ indices, rows }, y) =>
  matmul(gather(y, indices!), rows!, { transposeA: true });

/** The kept rows where they were, and zeros. */
export const restoredRows: NonNullable<GradientEstimator['restore']> = (
  { indices, rows },
  _,
  [all],
) => scatterAdd(rows!, indices!, all);

/** Bytes of the rows and of their indices. */
export const keptRowsBytes =
  (rate: number): GradientEstimator['bytes'] =>
  ([all, inputs]) =>
    keptRows(all, rate) * (inputs + 1) * ELEMENT_BYTES;
