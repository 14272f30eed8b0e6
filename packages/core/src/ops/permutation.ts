import { checkIndexCount, checkSize, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { checkKey } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { expectKey } from './rules.js';

type Attributes = { readonly rows: number; readonly segments: number; readonly stream: number };

const build = defineOp<Attributes>({
  name: 'permutation',
  infer: ([key], { rows, segments }) => {
    expectKey(key!);
    return [{ shape: [rows * segments], dtype: 'i32' }];
  },
  // Drawn from a key: nothing that gradients pass.
  vjp: 'none',
  flops: () => 0,
  cheap: true,
});

/**
 * A random order of 0 … rows − 1, or `segments` of them one behind the other, by Fisher and Yates'
 * shuffle: for i from rows − 1 down to 1 it exchanges the elements at i and at ⌊word · (i + 1) / 2³²⌋,
 * with word number i of its segment (two words to a Threefry block; segment s has the words from
 * s · rows on). A draw favours no place by more than 2⁻³², so that all orders are equally likely to
 * within a relative rows² · 2⁻³²: of any one row's place, rows · 2⁻³². Drawn again in the backward
 * pass, not kept.
 *
 * @returns i32 [segments · rows]
 * @throws UsageError unless `rows` is a whole number ≥ 0 and `segments` one ≥ 1
 */
export function permutation(rows: number, key: Key, options: { segments?: number } = {}): Value {
  checkSize("permutation's rows", rows);
  checkKey("permutation's key", key);
  checkOptions('permutation', options, { segments: optional(checkIndexCount) });
  const { segments = 1 } = options;
  return build([key.value], { rows, segments, stream: key.stream })[0]!;
}
