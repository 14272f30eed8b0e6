import { checkCount } from '../checks/check-members.js';
import { UsageError } from '../errors.js';
import { diagonalBlocks, partBegin } from '../ops/diagonal-blocks.js';
import type { RowMoments } from './blocked.js';
import { checkedMoments } from './checked-moments.js';

/**
 * Exact variance of a signed count-sketch whose bins, of sizes n_b, are dealt out in a random order:
 * Σ_b n_b (n_b − 1) / (B (B − 1)) · (A + T − 2 D).
 *
 * The error is Σ s_i s_j y_i x_jᵀ over pairs i ≠ j in one bin. Of the product of two such terms only
 * the pair itself and its mirror image have a mean other than 0: ‖y_i‖² ‖x_j‖² and
 * (x_i·x_j)(y_i·y_j), which add up to A − D and T − D over all pairs, each pair with the probability
 * of being in one bin, which is the fraction.
 *
 * @param rows p, the bins
 * @param blockRows rows to a diagonal block, about, which decides how large the bins are
 * @throws UsageError for what are no moments or numbers of rows, or more bins than rows
 */
export function balancedCountVariance(
  moments: RowMoments,
  rows: number,
  blockRows?: number,
): number {
  const { rows: total, normProduct, gradientNorm, rowProducts } = checkedMoments(moments);
  checkCount("a sketch's rows", rows);
  if (rows > total)
    throw new UsageError(
      `a balanced count-sketch deals ${total} rows out to at most as many, not ${rows}`,
    );
  let pairs = 0;
  for (const { begin, end, sketchBegin, sketchEnd } of diagonalBlocks(total, rows, blockRows)) {
    const bins = sketchEnd - sketchBegin;
    const first = (bin: number) => partBegin(end - begin, bins, bin);
    for (let bin = 0; bin < bins; bin++) {
      const size = first(bin + 1) - first(bin);
      pairs += size * (size - 1);
    }
  }
  if (pairs === 0) return 0;
  return (pairs / (total * (total - 1))) * (normProduct + gradientNorm - 2 * rowProducts);
}
