import { checkBuild } from '../graph/arguments.js';
import { diagonalBlocks } from '../ops/diagonal-blocks.js';
import { checkedMoments } from './checked-moments.js';
import type { Moments } from './moments.js';

/** The moments that the variance of a signed sketch depends on: B, A, T and D. */
export type RowMoments = Pick<Moments, 'rows' | 'normProduct' | 'gradientNorm' | 'rowProducts'>;

/**
 * Exact variance of a sketch of diagonal blocks, into which rows in a uniformly random order are
 * cut: the sum over blocks of `variance` at a block's expected moments.
 *
 * The blocks' estimates add up to the estimate, their errors have mean 0 and are independent given
 * the order, and each variance is linear in A, T and D; so it is enough to put in their expectations
 * over the order. Of A = Σ_ij ‖x_i‖² ‖y_j‖² a block of n of B rows has the terms with i = j, which
 * add up to D, with probability n/B, the others with n (n − 1)/(B (B − 1)); T likewise, whose terms
 * (x_i·x_j)(y_i·y_j) with i = j also add up to D.
 *
 * @param rows p, the rows of the sketch
 * @param blockRows rows to a block, about; one block unless given
 * @param variance of a block at its moments, for so many rows of the sketch
 * @throws UsageError unless `rows` and `blockRows` are whole numbers ≥ 1
 */
export function blockedVariance(
  moments: Moments,
  rows: number,
  blockRows: number | undefined,
  variance: (block: RowMoments, rows: number) => number,
): number {
  checkedMoments(moments);
  checkBuild('blockedVariance()', variance);
  const blocks = diagonalBlocks(moments.rows, rows, blockRows);
  if (blocks.length === 1) return variance(moments, rows);
  return blocks.reduce((sum, { begin, end, sketchBegin, sketchEnd }) => {
    const block = expectedBlock(moments, end - begin);
    return sum + variance(block, sketchEnd - sketchBegin);
  }, 0);
}

/** Expected moments of n of the rows, chosen at random. */
function expectedBlock({ rows, normProduct, gradientNorm, rowProducts }: Moments, n: number) {
  const one = n / rows;
  const two = (one * (n - 1)) / (rows - 1);
  return {
    rows: n,
    normProduct: rowProducts * one + (normProduct - rowProducts) * two,
    gradientNorm: rowProducts * one + (gradientNorm - rowProducts) * two,
    rowProducts: rowProducts * one,
  };
}
