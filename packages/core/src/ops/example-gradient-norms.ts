import { ShapeError } from '../errors.js';
import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { attendedPairs } from './attention.js';
import { expectType } from './rules.js';
import { sequenceSizes } from './sequences.js';

const build = defineOp({
  name: 'exampleGradientNorms',
  infer: ([x, y, starts]) => {
    expectType('x', x!, 'f32', 2);
    expectType('y', y!, 'f32', 2);
    const [rows] = x!.shape as [number];
    if (rows !== y!.shape[0]) throw new ShapeError(`x has ${rows} rows but y has ${y!.shape[0]}`);
    return [{ shape: [sequenceSizes(rows, starts!).examples], dtype: 'f32' }];
  },
  // Read by what measures, which is not differentiated.
  vjp: 'none',
  flops: ([x, y, starts]) => {
    const [rows, inputs] = x!.shape as [number, number];
    // Each pair of rows once.
    return attendedPairs(sequenceSizes(rows, starts!)) * (inputs + y!.shape[1]!);
  },
});

/**
 * ‖Y_eᵀ X_e‖²_F of each example e, whose rows lie one behind the other: how long its own gradient of a
 * linear layer's weight is. As Σ_ij (x_i · x_j)(y_i · y_j) over its rows, so that no gradient is formed.
 * f32 [rows, inputs], f32 [rows, outputs], i32 [examples + 1] → f32 [examples].
 *
 * @param starts where each example begins and the last one ends, rising from 0. A run fails with a
 * BackendError for others
 */
export function exampleGradientNorms(x: Value, y: Value, starts: Value): Value {
  checkValue('x', x);
  checkValue('y', y);
  checkValue('starts', starts);
  return build([x, y, starts], {})[0]!;
}
