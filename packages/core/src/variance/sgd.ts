import { UsageError } from '../errors.js';
import { checkedMoments, finite } from './checked-moments.js';
import type { ExampleMoments, Moments } from './moments.js';

/**
 * D²_SGD by rows, the variance that a weight's gradient has anyway, were its B rows independent draws:
 *
 *     D²_SGD = (B Σ_i ‖x_i‖² ‖y_i‖² − ‖XᵀY‖²_F)/(B − 1) = (Q − T)/(B − 1),  Q = B·D
 *
 * Source: arXiv 2201.13195, eq. 9. Derivation: G = Σ_i g_i with g_i = y_i x_iᵀ. Taken as independent
 * draws, the g_i have the unbiased sample variance s² = (Σ ‖g_i‖² − ‖G‖²/B)/(B − 1), where ‖g_i‖² =
 * ‖x_i‖² ‖y_i‖²; the variance of a sum of B of them is B·s². Rows are the tokens of a batch, which
 * the paper takes as independent; those of one example are not: see {@link sgdVarianceByExample}.
 *
 * @param moments of X [rows, inputs] and Y [rows, outputs]
 * @throws UsageError for fewer than two rows that are somebody's, or moments that overflow
 */
export function sgdVariance(
  moments: Pick<Moments, SgdMoments> & { readonly examples?: ExampleMoments },
): number {
  const { rowProducts, gradientNorm } = checkedMoments(moments);
  const rows = sampledRows(moments);
  if (rows < 2)
    throw new UsageError(`D²_SGD is a sample variance: it needs at least two rows, not ${rows}`);
  return spread(finite('Q = B·D', rows * rowProducts), gradientNorm) / (rows - 1);
}

/**
 * D²_SGD by example, the variance that a weight's gradient has anyway, because its n examples are a
 * sample:
 *
 *     D²_SGD = (n Σ_e ‖Y_eᵀ X_e‖²_F − ‖XᵀY‖²_F)/(n − 1) = (n·E − T)/(n − 1)
 *
 * Eq. 9 of arXiv 2201.13195 with examples' gradients in the place of rows': these, not tokens, are drawn
 * independently. The same as {@link sgdVariance} where each row is an example of its own.
 *
 * @param moments of X [rows, inputs] and Y [rows, outputs]
 * @throws UsageError for fewer than two examples, or moments that overflow
 */
export function sgdVarianceByExample(
  moments: Pick<Moments, SgdMoments> & { readonly examples?: ExampleMoments },
): number {
  const { examples, gradientNorm } = checkedMoments(moments);
  if (examples === undefined) return sgdVariance(moments);
  const { count, products } = examples;
  if (count < 2)
    throw new UsageError(
      `D²_SGD is a sample variance: it needs at least two examples, not ${count}`,
    );
  return spread(finite('n·E', count * products), gradientNorm) / (count - 1);
}

/** Rows that belong to somebody: those that are a sample. */
export const sampledRows = ({
  rows,
  examples,
}: Pick<Moments, 'rows'> & { readonly examples?: ExampleMoments }): number =>
  examples?.rows ?? rows;

/** The first is at least the second by Cauchy–Schwarz; where they are equal, rounding may put it below. */
const spread = (whole: number, gradientNorm: number): number => Math.max(0, whole - gradientNorm);

type SgdMoments = 'rows' | 'normProduct' | 'gradientNorm' | 'rowProducts';
