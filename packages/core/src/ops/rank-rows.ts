import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { expectType } from './rules.js';

const build = defineOp({
  name: 'rankRows',
  infer: ([priorities]) => {
    expectType('priorities', priorities!, 'f32', 1);
    return [{ shape: priorities!.shape, dtype: 'i32' }];
  },
  // A choice, which does not change with small changes of what it depends on.
  vjp: 'none',
  flops: () => 0,
});

/**
 * The rank of each row when rows are put in order of falling priority, ties by their own order: 0
 * for the first. f32 [rows] → i32 [rows], a permutation. A run fails with a BackendError for a
 * priority that is no number.
 */
export const rankRows = (priorities: Value): Value => build([priorities], {})[0]!;
