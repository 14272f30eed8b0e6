import { checkFlag, checkSize, optional } from '../checks/check-members.js';
import { checkOptions, type OptionNames } from '../checks/check-options.js';
import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements, type TensorType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import {
  type CodeLayout,
  type CodeSettings,
  codeLayout,
  codeWords,
  groupCount,
} from '../quantization/layout.js';
import { expectRanks, rotationFlops } from './quantize.js';
import { expectShape, expectType } from './rules.js';

/** What the kernel of `dequantize` is told. */
export type DequantizeAttributes = CodeLayout & {
  readonly features: number;
  readonly rotate: boolean;
};

/** How the codes came about: what `quantize` was told. */
export interface DequantizeOptions extends CodeSettings {
  /** Features of x. */
  readonly features: number;
  readonly rotate?: boolean;
  readonly ranks?: Value | undefined;
}

/** What {@link DequantizeOptions} are checked by; bits, segments and the group by `codeLayout`. */
export const DEQUANTIZE_OPTIONS: OptionNames<DequantizeOptions> = {
  features: checkSize,
  rotate: checkFlag,
  ranks: optional(checkValue),
  ...{ bits: true, segments: true, group: true },
};

/** @throws ShapeError unless codes and ranges are of `rows` rows in this layout */
export function expectCodes(
  [codes, ranges, ranks]: readonly (TensorType | undefined)[],
  { segments, group, features }: CodeLayout & { readonly features: number },
): number {
  expectType('codes', codes!, 'i32', 1);
  expectShape('codes', codes!, [codeWords(features, segments)]);
  expectType('ranges', ranges!, 'i32', 2);
  const rows = ranges!.shape[0]!;
  expectShape('ranges', ranges!, [rows, groupCount(features, group)]);
  if (ranks) expectRanks(ranks, rows);
  return rows;
}

const build = defineOp<DequantizeAttributes>({
  name: 'dequantize',
  infer: (inputs, attributes) => [
    { shape: [expectCodes(inputs, attributes), attributes.features], dtype: 'f32' },
  ],
  // It stands in for a kept activation, whose own gradient does not pass through its codes.
  vjp: 'none',
  flops: (_, [x], { rotate, group }) => elements(x!) * (2 + (rotate ? rotationFlops(group) : 0)),
});

/**
 * What {@link quantize} rounded x to: minimum + code · step, rotated back where it was rotated.
 *
 * @param codes i32 [words]
 * @param ranges i32 [rows, groups]
 * @returns x̂, f32 [rows, features]
 * @throws UsageError for widths or groups that there are not; ShapeError when sizes do not fit
 */
export function dequantize(codes: Value, ranges: Value, options: DequantizeOptions): Value {
  checkOptions('dequantize', options, DEQUANTIZE_OPTIONS);
  const { features, rotate = false, ranks, ...settings } = options;
  checkValue('dequantize: ranges', ranges);
  const attributes = { ...codeLayout(ranges.shape[0]!, settings), features, rotate };
  return build([codes, ranges, ...(ranks ? [ranks] : [])], attributes)[0]!;
}
