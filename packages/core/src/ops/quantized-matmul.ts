import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import {
  type CodeAttributes,
  codeFlops,
  codesWith,
  DEQUANTIZE_OPTIONS,
  type DequantizeOptions,
  expectCodes,
} from './code-inputs.js';
import { expectType } from './rules.js';

/** What the kernel of `quantizedMatmul` is told. */
export type QuantizedMatmulAttributes = CodeAttributes;

const build = defineOp<QuantizedMatmulAttributes>({
  name: 'quantizedMatmul',
  infer: ([y, ...quantized], attributes) => {
    expectType('y', y!, 'f32', 2);
    const rows = expectCodes(quantized, attributes);
    if (y!.shape[0] !== rows) throw new ShapeError(`y has ${y!.shape[0]} rows, the codes ${rows}`);
    return [{ shape: [y!.shape[1]!, attributes.features], dtype: 'f32' }];
  },
  // A weight's gradient; second derivatives are not offered.
  vjp: 'none',
  flops: ([y], _, { features, stream }) =>
    2 * elements(y!) * features + codeFlops(stream) * y!.shape[0]! * features,
});

/**
 * yᵀ x̂ for what {@link quantize} rounded x to, read as {@link dequantize} reads it, tile by tile, and
 * never there as a whole. Where x was rotated the product is too: {@link rotateFeatures} turns it back.
 *
 * @param y f32 [rows, outputs]
 * @param codes i32 [words]
 * @param ranges i32 [rows, groups]
 * @returns f32 [outputs, features]
 * @throws UsageError for widths or groups that there are not; ShapeError when sizes do not fit
 */
export function quantizedMatmul(
  y: Value,
  codes: Value,
  ranges: Value,
  options: DequantizeOptions,
): Value {
  checkOptions('quantizedMatmul', options, DEQUANTIZE_OPTIONS);
  checkValue('quantizedMatmul: ranges', ranges);
  const { inputs, attributes } = codesWith(codes, ranges, options);
  return build([y, ...inputs], attributes)[0]!;
}
