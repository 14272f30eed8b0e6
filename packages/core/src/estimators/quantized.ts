import { checkFlag } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ELEMENT_BYTES } from '../graph/types.js';
import { quantize } from '../ops/quantize.js';
import { rankRows } from '../ops/rank-rows.js';
import { roundingVariance } from '../ops/rounding-variance.js';
import { type CodeBits, codeLayout, codesOf } from '../quantization/layout.js';
import { checkMixedBits, type MixedBits, segmentsOf } from '../quantization/mixed-bits.js';
import { ranksOf } from '../quantization/ranking.js';
import type { Key } from '../random/key.js';
import { codeBytes, productWithCodes, restoredFromCodes, roundingPart } from './codes.js';
import type { GradientEstimator, Kept } from './estimator.js';
import { withChecks } from './with-checks.js';

/** What {@link quantized} is told. */
export interface QuantizedOptions {
  /** Bits of each value, or shares of the rows that have so many. */
  readonly bits: CodeBits | MixedBits;
  /** Features that share a range; 128 unless given. A range takes 32 bits. */
  readonly group?: number;
  /** Rotates each group before it is rounded, and the gradient back; true unless given. */
  readonly rotate?: boolean;
  /**
   * Subtracts what rounding added at random, in the groups that vary less so; true unless given. The
   * bytes are the same, and the variance is never more.
   */
  readonly dither?: boolean;
}

/**
 * Keeps X rounded at random to a few bits a value, and estimates dW by Yᵀ X̂: unbiased, because
 * E[X̂] = X. Each group of features is rotated first by fixed random signs and a Walsh–Hadamard
 * transform, which is undone on dW. Sources: stochastic rounding in groups as in ActNN (arXiv
 * 2104.14129); the rotation as in QuIP# (arXiv 2402.04396), here of activations.
 *
 * With shares of several widths, rows are ranked by the guess of ‖y_i‖², and the first get the most
 * bits. How widely a row's own values range is left out: it would cost another pass over X, and on
 * real activations gains nothing beside what the guess is off by.
 *
 * Variance: Ĝ − G = Yᵀ E for independent rounding errors E of mean 0 and variance s² f (1 − f), s
 * being the step and f the fraction of one by which a value lies above a code; so it is
 * Σ_i ‖y_i‖² Σ_j s² f (1 − f). With subtractive dither (Roberts 1962), of which codes of one and two
 * bits take the share λ = 5/4 and 7/8 and wider ones all, it is Σ_j s² ((1 − λ) f (1 − f) + λ²/12):
 * half as much where values lie anywhere between codes, but more where they lie at codes, as few words
 * of a bag do even rotated. So each group has the smaller of its two sums, which its range tells.
 * Rotations keep the variance, being orthonormal.
 *
 * @throws UsageError for widths, shares or groups that there are not
 */
export function quantized(options: QuantizedOptions): GradientEstimator {
  checkOptions('quantized', options, {
    ...{ bits: true, group: true, rotate: checkFlag, dither: checkFlag },
  });
  const { bits, group = 128, rotate = true, dither = true } = options;
  const mixed = typeof bits === 'number' ? undefined : checkMixedBits(bits);
  const layoutOf = (rows: number) =>
    codeLayout(
      rows,
      mixed ? { segments: segmentsOf(mixed, rows), group } : { bits: bits as CodeBits, group },
    );
  layoutOf(1);
  const widths = mixed ? mixed.map((part) => part.bits) : [bits as CodeBits];
  const quantizedAs = ({ ranges }: Kept, key: Key | undefined, features: number) => ({
    layout: layoutOf(ranges!.shape[0]!),
    ...{ features, rotate, key: dither ? key : undefined },
  });
  const estimator = withChecks({
    name: `quantized-${mixed ? 'mixed' : bits}`,
    random: true,
    unbiased: true,
    ranksRows: mixed !== undefined,
    keep: (x, key, priorities) => {
      const ranks = mixed && rankRows(priorities!);
      const [codes, ranges] = quantize(x, {
        ...layoutOf(x.shape[0]!),
        rotate,
        key: key!,
        ranks,
      });
      return { codes, ranges, ...(ranks ? { ranks } : {}) };
    },
    weightGradient: (kept, y, key, features) =>
      productWithCodes(y, kept, quantizedAs(kept, key, features)),
    restore: (kept, key, [, features]) => restoredFromCodes(kept, quantizedAs(kept, key, features)),
    // By width and not by rank, so that mixtures that are looked at together have them in common.
    varianceTerms: (x) =>
      Object.fromEntries(
        widths.map((width) => [
          `errors${width}`,
          roundingVariance(x, { bits: width, group, rotate, dither }),
        ]),
      ),
    variance: (moments, priorities) => {
      const terms = moments.terms(estimator, priorities);
      const { segments } = layoutOf(moments.rows);
      const ranks = mixed && priorities && ranksOf(priorities);
      const errors = Float64Array.from(moments.yNorms, (_, row) => {
        const { bits: width } = codesOf(ranks ? ranks[row]! : row, moments.inputs, segments);
        return terms[`errors${width}`]![row]!;
      });
      return roundingPart(errors, moments.yNorms);
    },
    bytes: ([rows, inputs]) =>
      codeBytes(rows, inputs, layoutOf(rows)) + (mixed ? rows * ELEMENT_BYTES : 0),
  });
  return estimator;
}
