import { checkFlag, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { checkKey, checkValue } from '../graph/arguments.js';
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
import type { Key } from '../random/key.js';
import { expectKey, expectShape, expectType, rowsOf } from './rules.js';

/** What the kernel of `quantize` is told. */
export type QuantizeAttributes = CodeLayout & {
  readonly rotate: boolean;
  readonly stream: number;
};

/** How {@link quantize} rounds. */
export interface QuantizeOptions extends CodeSettings {
  /** Rotates each group first, which narrows ranges that a few outliers widen; false unless given. */
  readonly rotate?: boolean;
  readonly key: Key;
  /** Rank of each row, i32 [rows], a permutation of 0 … rows − 1: see {@link rankRows}. */
  readonly ranks?: Value | undefined;
}

const build = defineOp<QuantizeAttributes>({
  name: 'quantize',
  infer: ([x, key, ranks], { segments, group }) => {
    expectType('x', x!, 'f32', 2);
    expectKey(key!);
    const [rows, features] = x!.shape as [number, number];
    if (ranks) expectRanks(ranks, rows);
    return [
      { shape: [codeWords(features, segments)], dtype: 'i32' },
      { shape: [rows, groupCount(features, group)], dtype: 'i32' },
    ];
  },
  // What is kept in place of an activation is not differentiated: only what reads it again does.
  vjp: 'none',
  flops: ([x], _, { rotate, group }) => elements(x!) * (10 + (rotate ? rotationFlops(group) : 0)),
});

/** @throws ShapeError unless these are ranks of so many rows */
export function expectRanks(ranks: TensorType, rows: number): void {
  expectType('ranks', ranks, 'i32', 1);
  expectShape('ranks', ranks, [rows]);
}

/** Operations that a rotation takes for each feature: signs, butterflies, scaling. */
export const rotationFlops = (group: number): number => 2 + Math.floor(Math.log2(group));

/**
 * Rounds a matrix to codes of a few bits. Each group of features has a range of its own, a minimum
 * and a step as bfloat16 numbers, rounded outwards; a value between two codes goes to one of them at
 * random, so that its mean stays: E[x̂] = x to within 2⁻¹⁶ of a step (2⁻¹⁵ for 8 bits) and x's last
 * bit in f32. Rounding errors of different rows are independent, those within a row uncorrelated.
 * 16 random bits decide each, see `roundingBits`. Who reads codes with the same key takes those bits
 * off again (subtractive dither) in the groups whose values then vary less, which their ranges tell
 * without a bit more. A run fails with a BackendError for a value that is not finite or too large for
 * bfloat16.
 *
 * With `segments` the rows whose ranks are lowest get the first segment's bits, and so on: see
 * {@link rankRows}. Without `ranks` the rows' own order counts.
 *
 * @param x f32 [rows, features]
 * @returns codes, i32 [words] of packed bits, row by row in the order of the ranks; and ranges, i32
 * [rows, groups], in x's order: the minimum in a word's lower half, in its upper the step, negative
 * where the group varies less with its dither subtracted
 * @throws UsageError for widths or groups that there are not
 */
export function quantize(
  x: Value,
  options: QuantizeOptions,
): readonly [codes: Value, ranges: Value] {
  checkOptions('quantize', options, {
    rotate: checkFlag,
    key: checkKey,
    ranks: optional(checkValue),
    // What codeLayout() checks.
    ...{ bits: true, segments: true, group: true },
  });
  const { rotate = false, key, ranks, ...settings } = options;
  const attributes = { ...codeLayout(rowsOf(x), settings), rotate, stream: key.stream };
  const [codes, ranges] = build([x, key.value, ...(ranks ? [ranks] : [])], attributes);
  return [codes!, ranges!];
}
