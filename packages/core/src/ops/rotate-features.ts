import { checkFlag, checkIndexCount, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { rotationFlops } from './quantize.js';
import { expectType } from './rules.js';

type Attributes = { readonly group: number; readonly inverse: boolean };

const build = defineOp<Attributes>({
  name: 'rotateFeatures',
  infer: ([x]) => {
    expectType('x', x!, 'f32', 2);
    return [x!];
  },
  // Orthonormal, so the cotangent is turned the other way.
  vjp: (_, __, [dy], { group, inverse }) => [
    dy && rotateFeatures(dy, { group, inverse: !inverse }),
  ],
  flops: ([x], _, { group }) => elements(x!) * rotationFlops(group),
  overwrites: [0],
});

/**
 * The rotation of {@link quantize}: each group of a row's features times fixed random signs and an
 * orthonormal Walsh–Hadamard matrix; with `inverse`, back. f32 [rows, features] → the same.
 *
 * @throws UsageError unless the group is a whole number ≥ 1
 */
export function rotateFeatures(
  x: Value,
  options: { readonly group?: number; readonly inverse?: boolean } = {},
): Value {
  checkOptions('rotateFeatures', options, { group: optional(checkIndexCount), inverse: checkFlag });
  const { group = 128, inverse = false } = options;
  return build([x], { group, inverse })[0]!;
}
