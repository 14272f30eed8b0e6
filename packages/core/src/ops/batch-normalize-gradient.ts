import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';

const build = defineOp({
  name: 'batchNormalizeGradient',
  infer: ([y, inverse, dy]) => {
    expectType('y', y!, 'f32', 2);
    expectShape('inverse', inverse!, [y!.shape[1]!]);
    expectShape('dy', dy!, y!.shape);
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
 */
export const batchNormalizeGradient = (y: Value, inverse: Value, dy: Value): Value =>
  build([y, inverse, dy], {})[0]!;
