import { defineOp } from '../graph/op.js';
import { elements, f32 } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';

const build = defineOp({
  name: 'affineGradient',
  infer: ([x, gain, dy]) => {
    expectType('x', x!, 'f32', 2);
    expectShape('gain', gain!, [x!.shape[1]!]);
    expectShape('dy', dy!, x!.shape);
    return [x!, f32(x!.shape[1]!), f32(x!.shape[1]!)];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([x]) => 4 * elements(x!),
  overwrites: [2],
});

/**
 * Cotangents of affine's inputs: dx = dy · gain, dgain = Σ dy · x and dbias = Σ dy over the rows.
 * f32 [rows, features], [features], [features].
 */
export function affineGradient(x: Value, gain: Value, dy: Value): [Value, Value, Value] {
  const [dx, dgain, dbias] = build([x, gain, dy], {});
  return [dx!, dgain!, dbias!];
}
