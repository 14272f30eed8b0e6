import { defineOp } from '../graph/op.js';
import { inStage } from '../graph/trace.js';
import type { Value } from '../graph/value.js';
import { expectType } from './rules.js';

const build = defineOp({
  name: 'clear',
  infer: ([x]) => {
    expectType('x', x!, 'f32');
    return [x!];
  },
  // An update of state, not a function that gradients pass.
  vjp: 'none',
  flops: () => 0,
  updates: [[0, 0]],
});

/**
 * Sets a persistent tensor to zero in place; counts as the update stage, so that it runs though
 * nothing reads it. f32, any shape.
 */
export const clear = (x: Value): Value => inStage('update', () => build([x], {})[0]!);
