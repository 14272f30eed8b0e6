import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { divide } from './divide.js';
import { expectType } from './rules.js';

const build = defineOp({
  name: 'logarithm',
  infer: ([x]) => {
    expectType('x', x!, 'f32');
    return [x!];
  },
  vjp: ([x], _, [dy]) => [divide(dy!, x!)],
  flops: ([x]) => 1 * elements(x!),
  cheap: true,
  overwrites: [0],
});

/** The natural logarithm, element by element. f32, any shape. */
export const logarithm = (x: Value): Value => build([x], {})[0]!;
