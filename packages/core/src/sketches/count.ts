import { checkCount, checkFlag, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { countSketch } from '../ops/count-sketch.js';
import { balancedCountVariance } from '../variance/balanced-count.js';
import { blockedVariance } from '../variance/blocked.js';
import { independentEntriesVariance } from '../variance/independent-entries.js';
import type { BlockOptions } from './independent-entries.js';
import { orderedBlocks, rowOrder } from './row-order.js';
import type { Sketch } from './sketch.js';
import { withChecks } from './with-checks.js';

/** What {@link count} is told. */
interface CountOptions extends BlockOptions {
  /** Deals the rows, in a random order, out to bins of nearly equal size; true unless told. */
  readonly balanced?: boolean;
}

/**
 * Count-sketch: each row is added to one of p bins with a random sign, which costs one addition an
 * element. Balanced, rows in a random order are dealt out to bins of nearly equal size, for p ≤ B;
 * otherwise each row's bin is drawn by itself (Charikar, Chen and Farach-Colton, "Finding frequent
 * items in data streams", 2002).
 *
 * Bins that are drawn have the second moments of signs over √p: for two rows i ≠ j,
 * E[(S Sᵀ)_ij²] = P(one bin) = 1/p, and (S Sᵀ)_ii = 1; so has Rademacher's S, hence its variance.
 */
export const count = (options: CountOptions = {}): Sketch => {
  checkOptions('count', options, { balanced: checkFlag, blockRows: optional(checkCount) });
  const { balanced = true, blockRows } = options;
  return withChecks({
    name: 'count',
    apply: (x, key, rows) => {
      const blocks = orderedBlocks(x, key, rows, blockRows);
      const order = blocks?.order ?? (balanced ? rowOrder(x, key) : undefined);
      return countSketch(x, {
        rows,
        key,
        balanced,
        ...(order ? { order } : {}),
        ...(blocks ? { blockRows: blocks.rows } : {}),
      });
    },
    variance: (moments, rows) =>
      balanced
        ? balancedCountVariance(moments, rows, blockRows)
        : blockedVariance(moments, rows, blockRows, (block, bins) =>
            independentEntriesVariance(block, bins, 1),
          ),
  });
};
