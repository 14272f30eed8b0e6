import type { Value } from '../graph/value.js';
import { add } from '../ops/add.js';
import { multiply } from '../ops/multiply.js';
import { rowSquaredNorms } from '../ops/row-squared-norms.js';
import { scale } from '../ops/scale.js';
import { squareRoot } from '../ops/square-root.js';
import { sum } from '../ops/sum.js';

/**
 * The share of draws that goes to all rows alike where probabilities follow a guess. However wrong
 * the guess, a row's probability is then at least SHARE/B, so that the estimate is unbiased and its
 * second moment at most 1/SHARE times that of uniform draws; with a perfect guess it is at most
 * 1/(1 − SHARE) times the least.
 */
const SHARE = 0.1;

/** Adding this times their mean to weights that sum to 1 and dividing by the new sum mixes them so. */
const ADDED = SHARE / (1 - SHARE);

/**
 * ‖x_i‖ √priority_i, a guess of ‖x_i‖ ‖y_i‖, which are the weights of least variance, mixed with a
 * little that is the same for all rows.
 *
 * @param x f32 [rows, inputs]
 * @param priorities guesses of ‖y_i‖², f32 [rows]
 * @returns f32 [rows]
 */
export function guessedWeights(x: Value, priorities: Value): Value {
  const guessed = multiply(squareRoot(rowSquaredNorms(x)), squareRoot(priorities));
  return add(guessed, scale(sum(guessed), ADDED / x.shape[0]!));
}

/** What {@link guessedWeights} makes of these norms, in f64, for the variances. */
export function guessedWeightsOf(
  xNorms: ArrayLike<number>,
  priorities: ArrayLike<number> | undefined,
): Float64Array {
  const guessed = Float64Array.from(xNorms, (norm, row) =>
    Math.sqrt(norm * (priorities ? priorities[row]! : 1)),
  );
  const mean = guessed.reduce((total, weight) => total + weight, 0) / guessed.length;
  return guessed.map((weight) => weight + ADDED * mean);
}
