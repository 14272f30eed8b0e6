import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';

const build = defineOp({
  name: 'geluGradient',
  infer: ([x, dy]) => {
    expectType('x', x!, 'f32');
    expectType('dy', dy!, 'f32');
    expectShape('dy', dy!, x!.shape);
    return [x!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([x]) => 14 * elements(x!),
  cheap: true,
  overwrites: [0, 1],
});

/** dy · (Φ(x) + x φ(x)): the cotangent of GELU’s input x. f32, any shape, both equal. */
export const geluGradient = (x: Value, dy: Value): Value => build([x, dy], {})[0]!;
