import { checkCount, checkFlag, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { projectFeatures } from '../ops/project-features.js';
import { quantize } from '../ops/quantize.js';
import { roundingVariance } from '../ops/rounding-variance.js';
import { type CodeBits, codeLayout } from '../quantization/layout.js';
import { derivedKey, type Key } from '../random/key.js';
import type { Moments } from '../variance/moments.js';
import { averaged, codeBytes, productWithCodes, restoredFromCodes, roundingPart } from './codes.js';
import type { GradientEstimator, Kept } from './estimator.js';
import { withChecks } from './with-checks.js';

/** Which of the key's derived streams the rounding takes, beside the projection's. */
const ROUNDING = 1;

/** What {@link exact} is told. */
export interface ExactOptions {
  readonly bits: CodeBits;
  /** How many features become one; 8 unless given, as in the paper. */
  readonly projection?: number;
  /** Projected features that share a range; 128 unless given. */
  readonly group?: number;
  /**
   * Subtracts what rounding added at random, where that varies less; true unless given. The paper's
   * rounding is without.
   */
  readonly dither?: boolean;
}

/**
 * EXACT (Liu et al., "EXACT: scalable graph neural networks training via extreme activation
 * compression", ICLR 2022): keeps X R rounded at random to a few bits a value, for a random
 * projection R of the features, N × r, of signs over √r that is drawn anew at every step, and
 * estimates dW by Yᵀ (X R) Rᵀ. Unbiased, because E[R Rᵀ] = I. Despite its name it is an estimate.
 *
 * Variance: for a row g of G = Yᵀ X the columns r_j of R are independent, E (g·r_j)² ‖r_j‖² =
 * ‖g‖²/r · N/r, so the r of them give E‖g R Rᵀ − g‖² = N/r ‖g‖² − ‖g‖²/r: together (N − 1)/r · T. The
 * rounding's error E has mean 0 given R and adds E‖Yᵀ E Rᵀ‖² = N/r Σ_i ‖y_i‖² E‖e_i‖², e_i being row i of E
 * as of {@link quantized}, since every ‖r_j‖² is N/r. Its ranges depend on R, for which there is no closed form: it is averaged
 * over as many projections as the moments' terms have keys.
 *
 * @throws UsageError for widths or groups that there are not, or a projection that is no whole number ≥ 1
 */
export function exact(options: ExactOptions): GradientEstimator {
  checkOptions('exact', options, {
    ...{ bits: true, projection: optional(checkCount), group: true, dither: checkFlag },
  });
  const { bits, projection = 8, group = 128, dither = true } = options;
  const layoutOf = (rows: number) => codeLayout(rows, { bits, group });
  layoutOf(1);
  const columnsOf = (features: number) => Math.max(1, Math.round(features / projection));
  const rounding = (moments: Moments) =>
    averaged(
      Object.values(moments.terms(estimator)).map((errors) => roundingPart(errors, moments.yNorms)),
    );
  const projectedAs = ({ ranges }: Kept, key: Key | undefined, columns: number) => ({
    layout: layoutOf(ranges!.shape[0]!),
    ...{ features: columns, rotate: false, key: dither ? derivedKey(key!, ROUNDING) : undefined },
  });
  const estimator = withChecks({
    name: `exact-${bits}`,
    random: true,
    unbiased: true,
    ranksRows: false,
    keep: (x, key) => {
      const [rows, features] = x.shape as [number, number];
      const projected = projectFeatures(x, { features, columns: columnsOf(features), key: key! });
      const rounding = derivedKey(key!, ROUNDING);
      const [codes, ranges] = quantize(projected, { ...layoutOf(rows), key: rounding });
      return { codes, ranges };
    },
    weightGradient: (kept, y, key, features) => {
      const columns = columnsOf(features);
      const product = productWithCodes(y, kept, projectedAs(kept, key, columns));
      return projectFeatures(product, { features, columns, back: true, key: key! });
    },
    restore: (kept, key, [, features]) => {
      const columns = columnsOf(features);
      const projected = restoredFromCodes(kept, projectedAs(kept, key, columns));
      return projectFeatures(projected, { features, columns, back: true, key: key! });
    },
    varianceTerms: (x, _, { keys }) => {
      const [rows, features] = x.shape as [number, number];
      const columns = columnsOf(features);
      return Object.fromEntries(
        keys.map((key, draw) => [
          `errors${draw}`,
          roundingVariance(projectFeatures(x, { features, columns, key }), {
            ...layoutOf(rows),
            dither,
          }),
        ]),
      );
    },
    variance: (moments) => {
      const { inputs: features, gradientNorm } = moments;
      const { mean } = rounding(moments);
      return ((features - 1) * gradientNorm + features * mean) / columnsOf(features);
    },
    varianceError: (moments) =>
      (moments.inputs / columnsOf(moments.inputs)) * rounding(moments).error,
    bytes: ([rows, inputs]) => codeBytes(rows, columnsOf(inputs), layoutOf(rows)),
  });
  return estimator;
}
