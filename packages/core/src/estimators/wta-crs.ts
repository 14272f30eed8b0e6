import { winnerRows } from '../ops/winner-rows.js';
import { winnerRowsVariance } from '../variance/drawn-rows.js';
import type { GradientEstimator } from './estimator.js';
import { expectRate, keptRows } from './rmm.js';
import { guessedWeights, guessedWeightsOf } from './row-weights.js';
import { keptRowsBytes, rowsGradient, scaledRows } from './rows.js';

/**
 * Winner-take-all sampling: the rows of X with the largest ‖x_i‖ times guessed ‖y_i‖ are kept as
 * they are, and the places that are left go to draws from the others, scaled so that the estimate of
 * dW is unbiased, with any guess and from the first step. Source: arXiv 2305.15265.
 *
 * @throws UsageError unless 0 < rate ≤ 1
 */
export function wtaCrs({ rate }: { readonly rate: number }): GradientEstimator {
  expectRate(rate);
  return {
    name: 'wta-crs',
    random: true,
    unbiased: true,
    ranksRows: true,
    keep: (x, key, priorities) => {
      const count = keptRows(x.shape[0]!, rate);
      return scaledRows(x, ...winnerRows(guessedWeights(x, priorities!), { count, key: key! }));
    },
    weightGradient: rowsGradient,
    variance: (moments, priorities) =>
      winnerRowsVariance(
        moments,
        guessedWeightsOf(moments.xNorms, priorities),
        keptRows(moments.rows, rate),
      ),
    bytes: keptRowsBytes(rate),
  };
}
