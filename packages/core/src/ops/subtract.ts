import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { broadcastShapes, expectType } from './rules.js';
import { scale } from './scale.js';
import { sumTo } from './sum.js';

const build = defineOp({
  name: 'subtract',
  infer: ([a, b]) => {
    expectType('a', a!, 'f32');
    expectType('b', b!, 'f32');
    return [{ shape: broadcastShapes(a!.shape, b!.shape), dtype: 'f32' }];
  },
  vjp: ([a, b], _, [dy]) => [sumTo(dy!, a!.shape), sumTo(scale(dy!, -1), b!.shape)],
  flops: (_, [y]) => elements(y!),
  cheap: true,
  overwrites: [0, 1],
});

/** a − b, element by element. Shapes broadcast as in NumPy. f32. */
export const subtract = (a: Value, b: Value): Value => build([a, b], {})[0]!;
