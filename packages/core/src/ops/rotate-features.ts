import { UsageError } from '../errors.js';
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
  { group = 128, inverse = false }: { readonly group?: number; readonly inverse?: boolean } = {},
): Value {
  if (!Number.isSafeInteger(group) || group < 1)
    throw new UsageError(`a group must have a whole number of features ≥ 1, not ${group}`);
  return build([x], { group, inverse })[0]!;
}
