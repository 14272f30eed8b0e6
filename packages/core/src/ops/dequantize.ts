import { checkOptions } from '../checks/check-options.js';
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
import { rotationFlops } from './quantize.js';

/** What the kernel of `dequantize` is told. */
export type DequantizeAttributes = CodeAttributes & { readonly rotate: boolean };

const build = defineOp<DequantizeAttributes>({
  name: 'dequantize',
  infer: (inputs, attributes) => [
    { shape: [expectCodes(inputs, attributes), attributes.features], dtype: 'f32' },
  ],
  // It stands in for a kept activation, whose own gradient does not pass through its codes.
  vjp: 'none',
  flops: (_, [x], { rotate, group, stream }) =>
    elements(x!) * (codeFlops(stream) + (rotate ? rotationFlops(group) : 0)),
});

/**
 * What {@link quantize} rounded x to: minimum + code · step, or with a key minimum + (code − λ (u − ½)) ·
 * step in the groups whose ranges say so, u being what the key added and λ 5/4 for one bit, 7/8 for two
 * and else 1; rotated back where it was rotated.
 *
 * @param codes i32 [words]
 * @param ranges i32 [rows, groups]
 * @returns x̂, f32 [rows, features]
 * @throws UsageError for widths or groups that there are not; ShapeError when sizes do not fit
 */
export function dequantize(codes: Value, ranges: Value, options: DequantizeOptions): Value {
  checkOptions('dequantize', options, DEQUANTIZE_OPTIONS);
  checkValue('dequantize: ranges', ranges);
  const { inputs, attributes } = codesWith(codes, ranges, options);
  return build(inputs, { ...attributes, rotate: options.rotate ?? false })[0]!;
}
