import { roundingErrors } from './dither.js';
import { type CodeLayout, codesOf } from './layout.js';
import { rotateRow, rotationSigns } from './rotation.js';
import { rangeOf } from './rounding.js';

/**
 * E‖x̂_i − x_i‖² of each row that is rounded so, with the kernel's own arithmetic: bfloat16 ranges
 * and positions in units of 2⁻¹⁶ of a step.
 *
 * @param x [rows, features]
 * @param rankOf the rank of a row
 * @returns f64 [rows]; NaN for a row without a range
 */
export function rowRoundingErrors(
  x: ArrayLike<number>,
  rows: number,
  {
    segments,
    group,
    rotate,
    dither,
  }: CodeLayout & { readonly rotate: boolean; readonly dither: boolean },
  rankOf: (row: number) => number = (row) => row,
): Float64Array {
  const features = rows === 0 ? 0 : x.length / rows;
  const signs = rotationSigns(features);
  const errors = new Float64Array(rows);
  const values = new Float32Array(features);
  for (let row = 0; row < rows; row++) {
    for (let f = 0; f < features; f++) values[f] = x[row * features + f]!;
    if (rotate) rotateRow(values, signs, group);
    const { bits } = codesOf(rankOf(row), features, segments);
    for (let begin = 0; begin < features; begin += group) {
      const part = values.subarray(begin, Math.min(begin + group, features));
      const range = rangeOf(part, 2 ** bits - 1);
      errors[row]! += range ? roundingErrors(part, range, { bits, dither }) : Number.NaN;
    }
  }
  return errors;
}
