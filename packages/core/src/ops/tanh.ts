import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { multiply } from './multiply.js';
import { expectType } from './rules.js';
import { subtract } from './subtract.js';

const build = defineOp({
  name: 'tanh',
  infer: ([x]) => {
    expectType('x', x!, 'f32');
    return [x!];
  },
  vjp: (_, [y], [dy]) => [subtract(dy!, multiply(dy!, multiply(y!, y!)))],
  flops: ([x]) => 1 * elements(x!),
  cheap: true,
  overwrites: [0],
});

/** The hyperbolic tangent, element by element. f32, any shape. */
export const tanh = (x: Value): Value => build([x], {})[0]!;
