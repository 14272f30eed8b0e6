import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { gather } from './gather.js';
import { expectType } from './rules.js';

const build = defineOp<{ readonly rows: number }>({
  name: 'scatterAdd',
  infer: ([x, indices], { rows }) => {
    expectType('x', x!, 'f32', 2);
    expectType('indices', indices!, 'i32', 1);
    if (x!.shape[0]! > indices!.shape[0]!)
      throw new ShapeError(`${x!.shape[0]} rows but ${indices!.shape[0]} indices`);
    return [{ shape: [rows, x!.shape[1]!], dtype: 'f32' }];
  },
  vjp: ([x, indices], _, [dy]) => [gather(dy!, indices!, { count: x!.shape[0]! }), undefined],
  flops: ([x]) => elements(x!),
});

/**
 * Adds row i of x to row indices[i] of a table of zeros: the gradient of {@link gather}.
 * f32 [n, features], i32 [n or more, of which the first n count] → f32 [rows, features].
 */
export const scatterAdd = (x: Value, indices: Value, rows: number): Value =>
  build([x, indices], { rows })[0]!;
