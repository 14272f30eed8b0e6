import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { divide } from './divide.js';
import { expectType } from './rules.js';
import { scale } from './scale.js';

const build = defineOp({
  name: 'squareRoot',
  infer: ([x]) => {
    expectType('x', x!, 'f32');
    return [x!];
  },
  vjp: (_, [y], [dy]) => [scale(divide(dy!, y!), 0.5)],
  flops: ([x]) => 1 * elements(x!),
  cheap: true,
  overwrites: [0],
});

/** The square root, element by element. f32, any shape. */
export const squareRoot = (x: Value): Value => build([x], {})[0]!;
