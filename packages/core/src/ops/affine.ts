import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { affineGradient } from './affine-gradient.js';
import { expectShape, expectType } from './rules.js';

const build = defineOp({
  name: 'affine',
  infer: ([x, gain, bias]) => {
    expectType('x', x!, 'f32', 2);
    expectShape('gain', gain!, [x!.shape[1]!]);
    expectShape('bias', bias!, [x!.shape[1]!]);
    return [x!];
  },
  vjp: ([x, gain], _, [dy]) => affineGradient(x!, gain!, dy!),
  flops: ([x]) => 2 * elements(x!),
  cheap: true,
  overwrites: [0],
});

/** LayerNorm's affine part: x · gain + bias. f32 [rows, features], both vectors f32 [features]. */
export const affine = (x: Value, gain: Value, bias: Value): Value => build([x, gain, bias], {})[0]!;
