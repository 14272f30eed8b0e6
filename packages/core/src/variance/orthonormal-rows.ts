import { checkCount, checkGivenFlag, checkOneOf, oneOf } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import { TRANSFORMS, type Transform } from '../ops/transform-sketch.js';
import type { RowMoments } from './blocked.js';
import { checkedMoments } from './checked-moments.js';

/** @throws UsageError unless it is 1, 2, 4, 8, … */
function checkLength(name: string, length: unknown): void {
  if (!(Number.isInteger(length) && Number.isInteger(Math.log2(length as number))))
    throw new UsageError(`${name} must be a power of two, but it is ${describeValue(length)}`);
}

/**
 * K_d = Σ_r Σ_i c_ri⁴ of an orthonormal basis C of L = 2^m rows: L times the mean fourth power sum of
 * its columns. 1 for Hadamard's, whose entries are ±1/√L.
 *
 * DCT-II: row 0 gives 1/L. Of the others c_ri² = (1 + cos θ_i)/L with θ_i = π (2i + 1) r / L, so that
 * Σ_i c_ri⁴ = (L + Σ cos² θ_i)/L², where Σ cos² θ_i is L/2, but 0 for r = L/2. Together
 * 1/L + 3 (L − 1)/2L − 1/2L = 3/2 − 1/L for L ≥ 2.
 *
 * Real Fourier basis: rows 0 and L − 1 give 1/L each; of the others
 * Σ_i (2/L)² cos⁴ = (4/L²)(3L/8 + Σ_i cos(4 · 2π k i / L)/8), which is 3/2L, but 2/L for k = L/4, and
 * the sines' is the same: 2/L + (L − 2) · 3/2L + 1/L = 3/2 for L ≥ 4.
 */
export function basisFourthPowers(transform: Transform, length: number): number {
  checkOneOf('the transform', transform, TRANSFORMS);
  checkLength('the length of a basis', length);
  if (transform === 'hadamard' || length <= 2) return 1;
  return transform === 'dct' ? 1.5 - 1 / length : 1.5;
}

/**
 * Exact variance of a sketch that takes p of the L rows of C D x: C an orthonormal basis, D random
 * signs, x's rows padded to L with zero rows and (but for Hadamard's basis, where it does not matter)
 * in random places.
 *
 * One row, drawn uniformly, scaled by √L, has entries s_i with E s_i⁴ = K_d and, for i ≠ j,
 * E s_i² s_j² = K_o = (L − K_d)/(L − 1), since rows have unit length. Signs leave of
 * E‖Σ_ij s_i s_j y_i x_jᵀ‖² the pairings of independent entries (see independentEntriesVariance), with
 * those weights: M = K_o (A − D + 2 (T − D)) + K_d D. The mean over all L rows is XᵀY exactly. So p
 * rows drawn with replacement give (M − T)/p, and without, as a sample of a finite population,
 * (L − p)/(p (L − 1)) · (M − T).
 *
 * @param rows p
 * @param length L
 * @throws UsageError for more rows than x has, without replacement
 */
export function orthonormalRowsVariance(
  moments: RowMoments,
  rows: number,
  options: {
    readonly transform: Transform;
    readonly length: number;
    readonly replacement: boolean;
  },
): number {
  const { rows: total, normProduct, gradientNorm, rowProducts } = checkedMoments(moments);
  checkCount("a sketch's rows", rows);
  checkOptions('orthonormalRowsVariance', options, {
    transform: oneOf(TRANSFORMS),
    length: checkLength,
    replacement: checkGivenFlag,
  });
  const { transform, length, replacement } = options;
  if (!replacement && rows > total)
    throw new UsageError(
      `of ${total} transformed rows at most as many are chosen without replacement, not ${rows}`,
    );
  // The one row of a basis of length 1 is x's: nothing is drawn but its sign.
  if (length === 1) return 0;
  const fourth = basisFourthPowers(transform, length);
  const squares = (length - fourth) / (length - 1);
  const pairs = normProduct - rowProducts + 2 * (gradientNorm - rowProducts);
  const one = squares * pairs + fourth * rowProducts - gradientNorm;
  return replacement ? one / rows : ((length - rows) / (rows * (length - 1))) * one;
}
