import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { geluGradient } from './gelu-gradient.js';
import { expectType } from './rules.js';

const build = defineOp({
  name: 'gelu',
  infer: ([x]) => {
    expectType('x', x!, 'f32');
    return [x!];
  },
  vjp: ([x], _, [dy]) => [geluGradient(x!, dy!)],
  flops: ([x]) => 10 * elements(x!),
  cheap: true,
  overwrites: [0],
});

/** GELU with the exact Gaussian distribution function, x Φ(x) (arXiv 1606.08415). f32, any shape. */
export const gelu = (x: Value): Value => build([x], {})[0]!;
