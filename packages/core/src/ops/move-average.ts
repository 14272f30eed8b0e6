import { checkFinite, checkShare, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';

type Attributes = { readonly momentum: number; readonly factor: number };

const build = defineOp<Attributes>({
  name: 'moveAverage',
  infer: ([average, x]) => {
    expectType('average', average!, 'f32');
    expectType('x', x!, 'f32');
    expectShape('x', x!, average!.shape);
    return [average!];
  },
  // An update of state, not a function that gradients pass.
  vjp: 'none',
  flops: ([average]) => 3 * elements(average!),
  updates: [[0, 0]],
});

/**
 * Moves a persistent tensor towards factor · x in place: average ← (1 − momentum) · average +
 * momentum · factor · x. It runs though nothing reads it, and belongs to the pass that it is traced
 * in, so that what it reads is not kept for a later one. f32, any shape, both equal. @throws UsageError for a momentum outside [0, 1]
 */
export function moveAverage(
  average: Value,
  x: Value,
  options: { momentum: number; factor?: number },
): Value {
  checkOptions('moveAverage', options, { momentum: checkShare, factor: optional(checkFinite) });
  const { momentum, factor = 1 } = options;
  return build([average, x], { momentum, factor })[0]!;
}
