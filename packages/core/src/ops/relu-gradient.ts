import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';

const build = defineOp({
  name: 'reluGradient',
  infer: ([x, dy]) => {
    expectType('x', x!, 'f32');
    expectType('dy', dy!, 'f32');
    expectShape('dy', dy!, x!.shape);
    return [x!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([x]) => 1 * elements(x!),
  cheap: true,
  overwrites: [0, 1],
});

/** dy where x > 0, else 0: the cotangent of ReLU’s input from its output (or its input) x. f32, any shape, both equal. */
export const reluGradient = (x: Value, dy: Value): Value => build([x, dy], {})[0]!;
