import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { multiply } from './multiply.js';
import { expectType } from './rules.js';
import { subtract } from './subtract.js';
import { sum } from './sum.js';

const build = defineOp({
  name: 'softmax',
  infer: ([x]) => {
    expectType('x', x!, 'f32');
    if (x!.shape.length === 0) throw new ShapeError('x must have an axis, not be a scalar');
    return [x!];
  },
  vjp: (_, [y], [dy]) => [
    multiply(y!, subtract(dy!, sum(multiply(dy!, y!), { axis: -1, keepDimensions: true }))),
  ],
  flops: ([x]) => 5 * elements(x!),
  overwrites: [0],
});

/** Softmax over the last axis. f32 [..., n] → f32 [..., n]. */
export const softmax = (x: Value): Value => build([x], {})[0]!;
