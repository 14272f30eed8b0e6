import { defineOp } from '../graph/op.js';
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
  aliases: [[0, 0]],
});

/** Sets a persistent tensor to zero in place. f32, any shape. */
export const clear = (x: Value): Value => build([x], {})[0]!;
