import { UsageError } from '../errors.js';
import { checkedMoments } from './checked-moments.js';
import type { Moments } from './moments.js';

/**
 * α = ‖XᵀY‖²_F / (‖X‖²_F ‖Y‖²_F) = T/A, how much of the largest gradient that X and Y of their
 * norms could have they do have, in [0, 1]. Source: arXiv 2201.13195, eq. 13.
 *
 * @param moments of X [rows, inputs] and Y [rows, outputs]
 * @throws UsageError where X or Y is zero, which leaves α undefined, or moments overflow
 */
export function correlation(moments: Moments): number {
  const { normProduct, gradientNorm } = checkedMoments(moments);
  if (normProduct === 0)
    throw new UsageError(
      'α = T/A is undefined: X or Y is all zeros, or so small that its squares underflow',
    );
  // At most 1 by Cauchy–Schwarz, but for rounding.
  return Math.min(1, gradientNorm / normProduct);
}
