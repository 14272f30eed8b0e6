import { checkAmounts } from '../checks/check-amounts.js';
import { checkAmount, checkCount, checkGivenFlag } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { UsageError } from '../errors.js';
import { checkedMoments } from './checked-moments.js';
import type { Moments } from './moments.js';

/**
 * Exact E‖Ĝ − G‖²_F of Ĝ = 1/p Σ_t x_i y_iᵀ/q_i over p rows i = i_t drawn with replacement, row i
 * with probability q_i = weight_i / Σ weights: (Σ_i ‖x_i‖² ‖y_i‖² / q_i − T)/p.
 *
 * Ĝ is a mean of p independent terms of mean G; a term's second moment is
 * Σ_i q_i ‖x_i‖² ‖y_i‖² / q_i², and the mean's square is T (arXiv math/0607393 has the argument).
 * Weights that are all 0 stand for equal ones. With weights ‖x_i‖² it is (A − T)/p, less what A
 * counts of rows that are 0 in X; with ‖x_i‖ ‖y_i‖, the best, ((Σ ‖x_i‖ ‖y_i‖)² − T)/p.
 *
 * @param weights [rows]; one that is 0 where x_i and y_i are not would make the estimate biased, and
 * the result infinite
 * @param count p
 * @throws UsageError for what are no moments, weights or number of rows
 */
export function drawnRowsVariance(
  moments: Moments,
  weights: ArrayLike<number>,
  count: number,
): number {
  checkRows(moments, weights);
  checkCount('the rows drawn', count);
  return Math.max(0, secondMoment(moments, weights) - moments.gradientNorm) / count;
}

/** @throws UsageError unless there is a norm of x and of y, and a weight, for each row */
function checkRows(moments: Moments, weights: ArrayLike<number>): void {
  const { rows, xNorms, yNorms } = checkedMoments(moments);
  for (const [name, values] of Object.entries({ xNorms, yNorms, weights }))
    checkAmounts(name, values, rows, 'rows');
}

/** Σ_i ‖x_i‖² ‖y_i‖² / q_i over `chosen` rows, q_i being a row's share of their weights. */
function secondMoment(
  { rows, xNorms, yNorms }: Moments,
  weights: ArrayLike<number>,
  chosen: ArrayLike<number> = Array.from({ length: rows }, (_, row) => row),
): number {
  let total = 0;
  for (let j = 0; j < chosen.length; j++) total += weights[chosen[j]!]!;
  let sum = 0;
  for (let j = 0; j < chosen.length; j++) {
    const row = chosen[j]!;
    const product = xNorms[row]! * yNorms[row]!;
    // A row that adds nothing need never be drawn.
    if (product > 0) sum += (product * (total || chosen.length)) / (total ? weights[row]! : 1);
  }
  return sum;
}

/**
 * Exact E‖Ĝ − G‖²_F of Ĝ = B/p Σ x_i y_iᵀ over p of B rows, all alike: (Q − T)/p with replacement,
 * times (B − p)/(B − 1) without, where Q = B · D. Without replacement the variance of a sample's mean
 * has the finite population's factor (Cochran, Sampling Techniques, theorem 2.2), for each entry of
 * the sum, and so for them all.
 *
 * @param count p
 * @throws UsageError for what are no moments or number of rows, or more rows than there are, drawn without
 * replacement
 */
export function uniformRowsVariance(moments: Moments, count: number, replacement: boolean): number {
  const { rows, rowProducts, gradientNorm } = checkedMoments(moments);
  checkCount('the rows drawn', count);
  checkGivenFlag('replacement', replacement);
  if (!replacement && count > rows)
    throw new UsageError(
      `of ${rows} rows at most as many are drawn without replacement, not ${count}`,
    );
  if (rows === 1) return 0;
  const spread = Math.max(0, rows * rowProducts - gradientNorm) / count;
  return replacement ? spread : (spread * (rows - count)) / (rows - 1);
}

/**
 * Exact E‖Ĝ − G‖²_F where the rows C of largest weight are taken as they are and p − |C| others are
 * drawn with q'_i = weight_i / Σ_{i∉C} weights: with G' the others' share of G,
 * (Σ_{i∉C} ‖x_i‖² ‖y_i‖² / q'_i − ‖G'‖²)/(p − |C|). The winners add no variance; what remains is
 * {@link drawnRowsVariance} of the others. Source: arXiv 2305.15265, section 3.2.
 *
 * @param weights [rows]
 * @throws UsageError for what are no moments or weights, or winners that leave no place to the others
 */
export function winnerRowsVariance(
  moments: Moments,
  weights: ArrayLike<number>,
  options: DrawnOthers,
): number {
  checkRows(moments, weights);
  checkOptions('winnerRowsVariance', options, {
    count: checkCount,
    others: (name, values) => checkAmounts(name, values, moments.rows, 'rows'),
    gradientNorm: checkAmount,
  });
  const { count, others, gradientNorm } = options;
  const drawn: number[] = [];
  for (let row = 0; row < others.length; row++) if (others[row]) drawn.push(row);
  if (drawn.length === 0) return 0;
  const places = count - (moments.rows - drawn.length);
  if (places < 1)
    throw new UsageError(
      `${moments.rows - drawn.length} winners leave no place of ${count} to the ${drawn.length} others`,
    );
  return Math.max(0, secondMoment(moments, weights, drawn) - gradientNorm) / places;
}

/** The rows that are left to draws. */
export interface DrawnOthers {
  /** p, winners included. */
  readonly count: number;
  /** 0 for a winner, 1 for one of the others: [rows] */
  readonly others: ArrayLike<number>;
  /** ‖G'‖², of the others. */
  readonly gradientNorm: number;
}
