import { ELEMENT_BYTES } from '../graph/types.js';
import { matmul } from '../ops/matmul.js';
import type { GradientEstimator } from './estimator.js';
import { withChecks } from './with-checks.js';

/** Keeps X itself: the exact gradient. */
export const dense = (): GradientEstimator =>
  withChecks({
    name: 'dense',
    random: false,
    unbiased: true,
    ranksRows: false,
    keep: (x) => ({ input: x }),
    restore: ({ input }) => input!,
    weightGradient: ({ input }, y) => matmul(y, input!, { transposeA: true }),
    variance: () => 0,
    bytes: ([rows, inputs]) => rows * inputs * ELEMENT_BYTES,
  });
