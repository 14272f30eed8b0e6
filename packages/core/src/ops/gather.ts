import { checkSize, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { expectType } from './rules.js';
import { scatterAdd } from './scatter-add.js';

const build = defineOp<{ readonly count: number }>({
  name: 'gather',
  infer: ([table, indices], { count }) => {
    expectType('table', table!, 'f32', 2);
    expectType('indices', indices!, 'i32', 1);
    const [most] = indices!.shape as [number];
    if (count > most) throw new ShapeError(`${count} rows are asked for with ${most} indices`);
    return [{ shape: [count, table!.shape[1]!], dtype: 'f32' }];
  },
  vjp: ([table, indices], _, [dy]) => [scatterAdd(dy!, indices!, table!.shape[0]!), undefined],
  flops: () => 0,
  cheap: true,
});

/**
 * Rows of a table: an embedding's look-up, or the first token of each sequence.
 * f32 [rows, features], i32 [n] → f32 [count, features]. A run fails with a BackendError for an index
 * outside [0, rows).
 *
 * @param options `count`: only so many indices, the first ones; all unless given
 */
export function gather(
  table: Value,
  indices: Value,
  options: { readonly count?: number } = {},
): Value {
  checkOptions('gather', options, { count: optional(checkSize) });
  checkValue('indices', indices);
  return build([table, indices], { count: options.count ?? indices.shape[0] ?? 0 })[0]!;
}
