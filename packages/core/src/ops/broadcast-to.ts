import { ShapeError } from '../errors.js';
import { checkShape, checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { type Shape, sameShape } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { broadcastShapes, expectType } from './rules.js';
import { sumTo } from './sum.js';

const build = defineOp<{ readonly shape: Shape }>({
  name: 'broadcastTo',
  infer: ([x], { shape }) => {
    expectType('x', x!, 'f32');
    if (!sameShape(broadcastShapes(x!.shape, shape), shape))
      throw new ShapeError(`[${x!.shape.join(', ')}] does not broadcast to [${shape.join(', ')}]`);
    return [{ shape, dtype: 'f32' }];
  },
  vjp: ([x], _, [dy]) => [sumTo(dy!, x!.shape)],
  flops: () => 0,
  cheap: true,
});

/** Repeats x along axes of size 1 or missing axes in front, as NumPy's broadcast_to. f32. */
export const broadcastTo = (x: Value, shape: Shape): Value => {
  checkValue('broadcastTo: x', x);
  checkShape('broadcastTo: the shape', shape);
  return sameShape(x.shape, shape) ? x : build([x], { shape })[0]!;
};
