import { checkOptions } from '../checks/check-options.js';
import { gather } from '../ops/gather.js';
import { matmul } from '../ops/matmul.js';
import { multiply } from '../ops/multiply.js';
import { reshape } from '../ops/reshape.js';
import { squaredNorm } from '../ops/squared-norm.js';
import { subtract } from '../ops/subtract.js';
import { winnerRows } from '../ops/winner-rows.js';
import { winnerRowsVariance } from '../variance/drawn-rows.js';
import type { GradientEstimator } from './estimator.js';
import { expectRate, keptRows } from './rmm.js';
import { guessedWeights, guessedWeightsOf } from './row-weights.js';
import { keptRowsBytes, restoredRows, rowsGradient, scaledRows } from './rows.js';
import { withChecks } from './with-checks.js';

/**
 * Winner-take-all sampling: the rows of X with the largest ‖x_i‖ times guessed ‖y_i‖ are kept as
 * they are, and the places that are left go to draws from the others, scaled so that the estimate of
 * dW is unbiased, with any guess and from the first step. Source: arXiv 2305.15265.
 *
 * @throws UsageError unless 0 < rate ≤ 1
 */
export function wtaCrs(options: { readonly rate: number }): GradientEstimator {
  checkOptions('wtaCrs', options, { rate: true });
  const { rate } = options;
  expectRate(rate);
  const estimator = withChecks({
    name: 'wta-crs',
    random: true,
    unbiased: true,
    ranksRows: true,
    rate,
    keep: (x, key, priorities) => {
      const count = keptRows(x.shape[0]!, rate);
      const weights = guessedWeights(x, priorities!);
      const [indices, factors] = winnerRows(weights, { count, key: key! });
      return scaledRows(x, indices, factors);
    },
    weightGradient: rowsGradient,
    restore: restoredRows,
    varianceTerms: (x, y, { keys: [key], priorities }) => {
      const rows = x.shape[0]!;
      const weights = guessedWeights(x, priorities!);
      const count = keptRows(rows, rate);
      const [indices, , others] = winnerRows(weights, { count, key: key! });
      // The whole gradient less the winners', who are few: a probe has formed the whole one already.
      const chosen = gather(y, indices);
      const isOther = gather(reshape(others, [rows, 1]), indices);
      const winners = subtract(chosen, multiply(chosen, isOther));
      const gradient = matmul(y, x, { transposeA: true });
      const theirs = matmul(winners, gather(x, indices), { transposeA: true });
      return { others, gradientNorm: squaredNorm(subtract(gradient, theirs)) };
    },
    variance: (moments, priorities) => {
      const { others, gradientNorm } = moments.terms(estimator, priorities);
      const weights = guessedWeightsOf(moments.xNorms, priorities);
      return winnerRowsVariance(moments, weights, {
        count: keptRows(moments.rows, rate),
        others: others!,
        gradientNorm: gradientNorm![0]!,
      });
    },
    bytes: keptRowsBytes(rate),
  });
  return estimator;
}
