import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { expectType } from './rules.js';

const build = defineOp({
  name: 'transpose',
  infer: ([x]) => {
    expectType('x', x!, 'f32', 2);
    return [{ shape: [x!.shape[1]!, x!.shape[0]!], dtype: 'f32' }];
  },
  vjp: (_inputs, _outputs, [dy]) => [transpose(dy!)],
  flops: () => 0,
});

/** Rows become columns. f32 [m, n] → f32 [n, m]. */
export const transpose = (x: Value): Value => build([x], {})[0]!;
