import { checkFlag } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { checkSketch } from '../checks/kinds.js';
import { quantize } from '../ops/quantize.js';
import { roundingVariance } from '../ops/rounding-variance.js';
import { rowSquaredNorms } from '../ops/row-squared-norms.js';
import { type CodeBits, codeLayout } from '../quantization/layout.js';
import { derivedKey } from '../random/key.js';
import type { Moments } from '../variance/moments.js';
import { averaged, codeBytes, productWithCodes, roundingPart } from './codes.js';
import type { GradientEstimator } from './estimator.js';
import { expectRate, keptRows, type RmmOptions } from './rmm.js';
import { withChecks } from './with-checks.js';

/** Which of a key's derived streams the rounding takes; sketches take those with low numbers. */
const ROUNDING = 64;

/** What {@link rmmQuantized} is told. */
export interface RmmQuantizedOptions extends RmmOptions {
  readonly bits: CodeBits;
  /** Features that share a range; 128 unless given. */
  readonly group?: number;
  /** Rotates each group before it is rounded; true unless given. */
  readonly rotate?: boolean;
  /** Subtracts what rounding added at random, where that varies less; true unless given. */
  readonly dither?: boolean;
}

/**
 * Keeps Sᵀ X rounded at random to a few bits a value and estimates dW by (Sᵀ Y)ᵀ times that:
 * unbiased, because given S the rounding is.
 *
 * Variance: the rounding's error E has mean 0 given S, so that the sketch's variance and the mean of
 * ‖(Sᵀ Y)ᵀ E‖² = Σ_k ‖(Sᵀ Y)_k‖² E‖e_k‖² add up, e_k being row k of E as of {@link quantized}. The
 * first is the sketch's closed form. The second depends on S by way of the ranges of Sᵀ X, for which there is none: it is averaged over as
 * many sketches as the moments' terms have keys.
 *
 * @throws UsageError unless 0 < rate ≤ 1; for widths or groups that there are not
 */
export function rmmQuantized(options: RmmQuantizedOptions): GradientEstimator {
  checkOptions('rmmQuantized', options, {
    ...{ sketch: true, rate: true, bits: true, group: true },
    ...{ rotate: checkFlag, dither: checkFlag },
  });
  const { sketch, rate, bits, group = 128, rotate = true, dither = true } = options;
  checkSketch("rmmQuantized's sketch", sketch);
  expectRate(rate);
  const layoutOf = (rows: number) => codeLayout(rows, { bits, group });
  layoutOf(1);
  const rounding = (moments: Moments) => {
    const terms = moments.terms(estimator);
    const draws = Array.from({ length: Object.keys(terms).length / 2 }, (_, draw) =>
      roundingPart(terms[`errors${draw}`]!, terms[`norms${draw}`]!),
    );
    return averaged(draws);
  };
  const estimator = withChecks({
    name: `rmm-${sketch.name}-quantized-${bits}`,
    random: true,
    unbiased: true,
    ranksRows: false,
    rate,
    keep: (x, key) => {
      const rows = keptRows(x.shape[0]!, rate);
      const projected = sketch.apply(x, key!, rows);
      const rounding = derivedKey(key!, ROUNDING);
      const [codes, ranges] = quantize(projected, { ...layoutOf(rows), rotate, key: rounding });
      return { codes, ranges };
    },
    weightGradient: (kept, y, key, features) => {
      const rows = kept.ranges!.shape[0]!;
      const projected = sketch.apply(y, key!, rows);
      return productWithCodes(projected, kept, {
        layout: layoutOf(rows),
        features,
        rotate,
        key: dither ? derivedKey(key!, ROUNDING) : undefined,
      });
    },
    varianceTerms: (x, y, { keys }) => {
      const rows = keptRows(x.shape[0]!, rate);
      const settings = { ...layoutOf(rows), rotate, dither };
      return Object.fromEntries(
        keys.flatMap((key, draw) => [
          [`errors${draw}`, roundingVariance(sketch.apply(x, key, rows), settings)],
          [`norms${draw}`, rowSquaredNorms(sketch.apply(y, key, rows))],
        ]),
      );
    },
    variance: (moments) =>
      sketch.variance(moments, keptRows(moments.rows, rate)) + rounding(moments).mean,
    varianceError: (moments) => rounding(moments).error,
    bytes: ([rows, inputs]) => {
      const kept = keptRows(rows, rate);
      return codeBytes(kept, inputs, layoutOf(kept));
    },
  });
  return estimator;
}
