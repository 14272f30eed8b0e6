import { checkGivenFlag, checkIndexCount } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { checkKey } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { expectKey } from './rules.js';

type Attributes = {
  readonly rows: number;
  readonly count: number;
  readonly replacement: boolean;
  readonly stream: number;
};

const build = defineOp<Attributes>({
  name: 'uniformRows',
  infer: ([key], { rows, count, replacement }) => {
    expectKey(key!);
    if (!replacement && count > rows)
      throw new ShapeError(`${count} different ones of ${rows} rows cannot be drawn`);
    return [{ shape: [count], dtype: 'i32' }];
  },
  // It reads a key alone.
  vjp: 'none',
  flops: () => 0,
});

/**
 * Draws `count` of `rows` rows, all alike: with replacement draw t is ⌊u · rows⌋; without, it
 * changes places t and t + ⌊u · (rows − t)⌋ of 0, 1, 2, … and takes what is then at t (Fisher and
 * Yates). u is the 53 leading bits of Threefry block t of the stream.
 *
 * @returns i32 [count]
 * @throws UsageError unless rows and count are whole numbers ≥ 1; ShapeError when there are too few rows
 */
export function uniformRows(
  rows: number,
  options: { count: number; replacement: boolean; key: Key },
): Value {
  checkIndexCount("uniformRows's rows", rows);
  checkOptions('uniformRows', options, {
    count: checkIndexCount,
    replacement: checkGivenFlag,
    key: checkKey,
  });
  const { count, replacement, key } = options;
  return build([key.value], { rows, count, replacement, stream: key.stream })[0]!;
}
