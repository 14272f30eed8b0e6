import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { expectType } from './rules.js';
import { scatterAdd } from './scatter-add.js';

const build = defineOp({
  name: 'gather',
  infer: ([table, indices]) => {
    expectType('table', table!, 'f32', 2);
    expectType('indices', indices!, 'i32', 1);
    return [{ shape: [indices!.shape[0]!, table!.shape[1]!], dtype: 'f32' }];
  },
  vjp: ([table, indices], _, [dy]) => [scatterAdd(dy!, indices!, table!.shape[0]!), undefined],
  flops: () => 0,
  cheap: true,
});

/**
 * Rows of a table: an embedding's look-up, or the first token of each sequence.
 * f32 [rows, features], i32 [n] → f32 [n, features]. A run fails with a BackendError for an index
 * outside [0, rows).
 */
export const gather = (table: Value, indices: Value): Value => build([table, indices], {})[0]!;
