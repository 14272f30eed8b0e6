import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { expectType } from './rules.js';
import { sequenceSizes } from './sequences.js';

const build = defineOp({
  name: 'zeroRowsBehind',
  infer: ([x, starts]) => {
    expectType('x', x!, 'f32', 2);
    sequenceSizes(x!.shape[0]!, starts!);
    return [x!];
  },
  vjp: ([, starts], _, [dy]) => [dy && zeroRowsBehind(dy, starts!), undefined],
  flops: () => 0,
  cheap: true,
  overwrites: [0],
});

/**
 * x with zeros in the rows behind the last sequence, which belong to nobody: a norm's or a linear
 * layer's bias makes them something, and then they would be kept, sketched and counted. f32
 * [rows, features] → the same.
 *
 * @param starts i32 [examples + 1], where each sequence begins; the last one says how many rows are
 * somebody's. A run fails with a BackendError where that is not within [0, rows]
 */
export function zeroRowsBehind(x: Value, starts: Value): Value {
  checkValue('x', x);
  checkValue('starts', starts);
  return build([x, starts], {})[0]!;
}
