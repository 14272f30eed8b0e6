import { checkFlag, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { type CodeLayout, type CodeSettings, codeLayout } from '../quantization/layout.js';
import { expectRanks, rotationFlops } from './quantize.js';
import { expectType, rowsOf } from './rules.js';

/** What the kernel of `roundingVariance` is told. */
export type RoundingVarianceAttributes = CodeLayout & {
  readonly rotate: boolean;
  readonly dither: boolean;
};

/** How a matrix is rounded, and how its codes are read. */
export interface RoundingVarianceOptions extends CodeSettings {
  readonly rotate?: boolean;
  /** Whether codes are read with the key that they were rounded with; false unless given. */
  readonly dither?: boolean;
  readonly ranks?: Value | undefined;
}

const build = defineOp<RoundingVarianceAttributes>({
  name: 'roundingVariance',
  infer: ([x, ranks]) => {
    expectType('x', x!, 'f32', 2);
    const rows = x!.shape[0]!;
    if (ranks) expectRanks(ranks, rows);
    return [{ shape: [rows], dtype: 'f32' }];
  },
  // A measurement of what is kept, which nothing is trained on.
  vjp: 'none',
  flops: ([x], _, { rotate, group }) => elements(x!) * (9 + (rotate ? rotationFlops(group) : 0)),
});

/**
 * E‖x̂_i − x_i‖² of each row under {@link quantize} and {@link dequantize} with the same settings. A
 * code as it is has the variance s² f (1 − f), with its group's step s and the fraction f of a step by
 * which the value lies above the code below it; with the share λ of its dither taken off it has
 * s² ((1 − λ) f (1 − f) + λ²/12). The row's is the sum over its groups, with dither of the smaller sum
 * of the two for each. Rows weighted by ‖y_i‖² add up to E‖yᵀ x̂ − yᵀ x‖², as errors of different rows
 * are independent and of mean 0.
 * f32 [rows, features] → f32 [rows].
 *
 * @throws UsageError for widths or groups that there are not
 */
export function roundingVariance(x: Value, options: RoundingVarianceOptions): Value {
  checkOptions('roundingVariance', options, {
    rotate: checkFlag,
    dither: checkFlag,
    ranks: optional(checkValue),
    // What codeLayout() checks.
    ...{ bits: true, segments: true, group: true },
  });
  const { rotate = false, dither = false, ranks, ...settings } = options;
  const attributes = { ...codeLayout(rowsOf(x), settings), rotate, dither };
  return build([x, ...(ranks ? [ranks] : [])], attributes)[0]!;
}
