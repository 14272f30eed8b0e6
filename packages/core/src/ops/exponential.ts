import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { multiply } from './multiply.js';
import { expectType } from './rules.js';

const build = defineOp({
  name: 'exponential',
  infer: ([x]) => {
    expectType('x', x!, 'f32');
    return [x!];
  },
  vjp: (_, [y], [dy]) => [multiply(dy!, y!)],
  flops: ([x]) => 1 * elements(x!),
  cheap: true,
  overwrites: [0],
});

/** e to the x, element by element. f32, any shape. */
export const exponential = (x: Value): Value => build([x], {})[0]!;
