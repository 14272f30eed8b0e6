import { defineOp } from '../graph/op.js';
import { elements, f32 } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { multiply } from './multiply.js';
import { expectType } from './rules.js';
import { scale } from './scale.js';

const build = defineOp({
  name: 'squaredNorm',
  infer: ([x]) => {
    expectType('x', x!, 'f32');
    return [f32()];
  },
  vjp: ([x], _, [dy]) => [scale(multiply(x!, dy!), 2)],
  flops: ([x]) => 2 * elements(x!),
});

/** Σ x², over all elements. f32, any shape → f32 []. */
export const squaredNorm = (x: Value): Value => build([x], {})[0]!;
