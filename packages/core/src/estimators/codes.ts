// What estimators that keep codes have in common.
import { UsageError } from '../errors.js';
import { ELEMENT_BYTES } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { quantizedMatmul } from '../ops/quantized-matmul.js';
import { rotateFeatures } from '../ops/rotate-features.js';
import { type CodeLayout, codeWords, groupCount } from '../quantization/layout.js';
import { rowRoundingErrors } from '../quantization/rounding-errors.js';
import type { Kept } from './estimator.js';

/** Bytes of the codes and ranges of a matrix. */
export const codeBytes = (rows: number, features: number, layout: CodeLayout): number =>
  (codeWords(features, layout.segments) + rows * groupCount(features, layout.group)) *
  ELEMENT_BYTES;

/** yᵀ x̂ of what `quantize` kept, turned back where it was rotated: f32 [outputs, features]. */
export function productWithCodes(
  y: Value,
  { codes, ranges, ranks }: Kept,
  layout: CodeLayout,
  rotate: boolean,
): Value {
  const features = codes!.node.inputs[0]!.shape[1]!;
  const product = quantizedMatmul(y, codes!, ranges!, { ...layout, features, ranks });
  return rotate ? rotateFeatures(product, { group: layout.group, inverse: true }) : product;
}

/**
 * Σ_i ‖y_i‖² E‖x̂_i − x_i‖².
 * @throws UsageError when x is not finite or too large for bfloat16
 */
export function roundingPart(
  {
    rows,
    x,
    yNorms,
  }: {
    readonly rows: number;
    readonly x: ArrayLike<number>;
    readonly yNorms: ArrayLike<number>;
  },
  layout: CodeLayout & { readonly rotate: boolean },
  ranks?: Int32Array,
): number {
  const errors = rowRoundingErrors(x, rows, layout, (row) => ranks?.[row] ?? row);
  const total = errors.reduce((sum, error, row) => sum + error * yNorms[row]!, 0);
  if (Number.isNaN(total))
    throw new UsageError('X is not finite and in the range of bfloat16: it cannot be rounded');
  return total;
}
