import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectType } from './rules.js';

const build = defineOp({
  name: 'rowSquaredNorms',
  infer: ([x]) => {
    expectType('x', x!, 'f32', 2);
    return [{ shape: [x!.shape[0]!], dtype: 'f32' }];
  },
  // Read by what chooses rows and by what measures, neither of which is differentiated.
  vjp: 'none',
  flops: ([x]) => 2 * elements(x!),
});

/** ‖x_i‖² of each row. f32 [rows, features] → f32 [rows]. */
export const rowSquaredNorms = (x: Value): Value => build([x], {})[0]!;
