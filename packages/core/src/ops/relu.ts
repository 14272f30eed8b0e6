import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { reluGradient } from './relu-gradient.js';
import { bitWords, expectType } from './rules.js';

const build = defineOp({
  name: 'relu',
  infer: ([x]) => {
    expectType('x', x!, 'f32');
    return [x!, { shape: [bitWords(x!)], dtype: 'i32' }];
  },
  // From the bits, a 32nd of the bytes of x or y: whoever needs y for itself keeps it anyway.
  vjp: (_, [, bits], [dy]) => [dy && reluGradient(bits!, dy)],
  flops: ([x]) => 1 * elements(x!),
  cheap: true,
  overwrites: [0],
});

/**
 * max(x, 0), element by element; the derivative at 0 is taken as 0. What it keeps for the backward
 * pass is one bit an element, whether it is greater than 0. f32, any shape.
 */
export const relu = (x: Value): Value => build([x], {})[0]!;
