import { checkCount, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { type SketchKind, sketch } from '../ops/sketch.js';
import { gaussianKurtosis } from '../random/gaussian-table.js';
import { blockedVariance } from '../variance/blocked.js';
import { independentEntriesVariance } from '../variance/independent-entries.js';
import { orderedBlocks } from './row-order.js';
import type { Sketch } from './sketch.js';
import { withChecks } from './with-checks.js';

/** How a sketch is cut. */
export interface BlockOptions {
  /**
   * Rows of x to a diagonal block, about: they are put into a random order and cut into blocks,
   * each sketched on its own. One block unless given.
   */
  readonly blockRows?: number;
}

/** A sketch of independent entries of this kind. */
const independentEntries = (
  kind: SketchKind,
  kurtosis: () => number,
  options: BlockOptions,
): Sketch => {
  checkOptions(kind, options, { blockRows: optional(checkCount) });
  const { blockRows } = options;
  return withChecks({
    name: kind,
    apply: (x, key, rows) => {
      const blocks = orderedBlocks(x, key, rows, blockRows);
      return sketch(x, { kind, rows, key, ...(blocks ? { blocks } : {}) });
    },
    variance: (moments, rows) =>
      blockedVariance(moments, rows, blockRows, (block, blockSketchRows) =>
        independentEntriesVariance(block, blockSketchRows, kurtosis()),
      ),
  });
};

/**
 * Independent entries from the Gaussian quantile table, variance 1/p. Its kurtosis, a little under
 * 3, enters the variance, which is exact for the numbers that are really drawn.
 */
export const gaussian = (options: BlockOptions = {}): Sketch =>
  independentEntries('gaussian', gaussianKurtosis, options);

/** Independent random signs over √p. Their kurtosis is 1. */
export const rademacher = (options: BlockOptions = {}): Sketch =>
  independentEntries('rademacher', () => 1, options);
