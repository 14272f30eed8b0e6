import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';
import { sequenceSizes } from './sequences.js';

const build = defineOp({
  name: 'batchNormalizeGradient',
  infer: ([y, inverse, dy, starts]) => {
    expectType('y', y!, 'f32', 2);
    expectShape('inverse', inverse!, [y!.shape[1]!]);
    expectShape('dy', dy!, y!.shape);
    if (starts) sequenceSizes(y!.shape[0]!, starts);
    return [y!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([y]) => 8 * elements(y!),
  overwrites: [0, 2],
});

/**
 * Cotangent of batchNormalize's input: inverse · (dy − mean(dy) − y · mean(dy · y)), means of each
 * feature over the rows.
 *
 * @param y the normalised rows, f32 [rows, features]
 * @param inverse 1/√(variance + ε), f32 [features]
 * @param dy f32 [rows, features]
 * @param starts where the last sequence ends, i32 [examples + 1]: the means are over the rows before
 * that, and the others' cotangents are zeros. All rows unless given
 */
export const batchNormalizeGradient = (
  y: Value,
  inverse: Value,
  dy: Value,
  starts?: Value,
): Value => build([y, inverse, dy, ...(starts === undefined ? [] : [starts])], {})[0]!;
