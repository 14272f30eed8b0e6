import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { reluGradient } from './relu-gradient.js';
import { expectType } from './rules.js';

const build = defineOp({
  name: 'relu',
  infer: ([x]) => {
    expectType('x', x!, 'f32');
    return [x!];
  },
  vjp: (_, [y], [dy]) => [reluGradient(y!, dy!)],
  flops: ([x]) => 1 * elements(x!),
  cheap: true,
  overwrites: [0],
});

/** max(x, 0), element by element; the derivative at 0 is taken as 0. f32, any shape. */
export const relu = (x: Value): Value => build([x], {})[0]!;
