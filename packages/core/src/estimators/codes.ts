// What estimators that keep codes have in common.
import { ELEMENT_BYTES } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { dequantize } from '../ops/dequantize.js';
import { quantizedMatmul } from '../ops/quantized-matmul.js';
import { rotateFeatures } from '../ops/rotate-features.js';
import { type CodeLayout, codeWords, groupCount } from '../quantization/layout.js';
import type { Key } from '../random/key.js';
import type { Kept } from './estimator.js';

/** Bytes of the codes and ranges of a matrix. */
export const codeBytes = (rows: number, features: number, layout: CodeLayout): number =>
  (codeWords(features, layout.segments) + rows * groupCount(features, layout.group)) *
  ELEMENT_BYTES;

/** How `quantize` was told to keep x. */
interface QuantizedAs {
  readonly layout: CodeLayout;
  /** Of x. */
  readonly features: number;
  readonly rotate: boolean;
  /** Where the dither is subtracted, what it was drawn from. */
  readonly key: Key | undefined;
}

/** yᵀ x̂ of what `quantize` kept, turned back where it was rotated: f32 [outputs, features]. */
export function productWithCodes(
  y: Value,
  { codes, ranges, ranks }: Kept,
  { layout, features, rotate, key }: QuantizedAs,
): Value {
  const product = quantizedMatmul(y, codes!, ranges!, { ...layout, features, key, ranks });
  return rotate ? rotateFeatures(product, { group: layout.group, inverse: true }) : product;
}

/** x̂ of what `quantize` kept: f32 [rows, features]. */
export const restoredFromCodes = (
  { codes, ranges, ranks }: Kept,
  { layout, ...quantizedAs }: QuantizedAs,
): Value => dequantize(codes!, ranges!, { ...layout, ...quantizedAs, ranks });

/**
 * Σ_i ‖y_i‖² E‖x̂_i − x_i‖², in f64.
 *
 * @param errors E‖x̂_i − x_i‖², [rows]
 * @param yNorms ‖y_i‖², [rows]
 */
export function roundingPart(errors: ArrayLike<number>, yNorms: ArrayLike<number>): number {
  let total = 0;
  for (let row = 0; row < errors.length; row++) total += errors[row]! * yNorms[row]!;
  return total;
}

/** The mean of what independent draws came to, and its standard error; infinite for a single one. */
export function averaged(draws: readonly number[]): {
  readonly mean: number;
  readonly error: number;
} {
  const count = draws.length;
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / count;
  const squares = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0);
  const error = count === 1 ? Number.POSITIVE_INFINITY : Math.sqrt(squares / (count - 1) / count);
  return { mean, error };
}
