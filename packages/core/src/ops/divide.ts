import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { multiply } from './multiply.js';
import { broadcastShapes, expectType } from './rules.js';
import { scale } from './scale.js';
import { sumTo } from './sum.js';

const build = defineOp({
  name: 'divide',
  infer: ([a, b]) => {
    expectType('a', a!, 'f32');
    expectType('b', b!, 'f32');
    return [{ shape: broadcastShapes(a!.shape, b!.shape), dtype: 'f32' }];
  },
  vjp: ([a, b], [y], [dy]) => {
    const da = divide(dy!, b!);
    return [sumTo(da, a!.shape), sumTo(scale(multiply(da, y!), -1), b!.shape)];
  },
  flops: (_, [y]) => elements(y!),
  cheap: true,
  overwrites: [0, 1],
});

/** a / b, element by element. Shapes broadcast as in NumPy. f32. */
export const divide = (a: Value, b: Value): Value => build([a, b], {})[0]!;
