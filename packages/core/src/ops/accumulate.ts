import { defineOp } from '../graph/op.js';
import { inStage } from '../graph/trace.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape } from './rules.js';

const build = defineOp({
  name: 'accumulate',
  infer: ([total, x]) => {
    expectShape('x', x!, total!.shape);
    return [total!];
  },
  // An update of state, not a function that gradients pass.
  vjp: 'none',
  flops: ([total]) => elements(total!),
  updates: [[0, 0]],
});

/**
 * Adds x to a persistent tensor in place, and gives it; counts as the update stage, so that it runs
 * though nothing reads it. f32, any shape, both equal.
 */
export const accumulate = (total: Value, x: Value): Value =>
  inStage('update', () => build([total, x], {})[0]!);
