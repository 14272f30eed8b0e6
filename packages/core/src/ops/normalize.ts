import { checkPositive } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { normalizeGradient } from './normalize-gradient.js';
import { expectType } from './rules.js';

const build = defineOp<{ readonly epsilon: number }>({
  name: 'normalize',
  infer: ([x]) => {
    expectType('x', x!, 'f32', 2);
    if (x!.shape[1] === 0) throw new ShapeError('rows must have at least one feature');
    return [x!, { shape: [x!.shape[0]!], dtype: 'f32' }];
  },
  // From the normalised output, not from x: the output is needed anyway and x is then free.
  vjp: (_, [y, inverse], [dy]) => [dy && normalizeGradient(y!, inverse!, dy)],
  flops: ([x]) => 7 * elements(x!),
  overwrites: [0],
});

/**
 * LayerNorm without its affine part: each row minus its mean, over its standard deviation
 * (of the population; ε is added to the variance). Source: arXiv 1607.06450.
 *
 * @param x f32 [rows, features]
 * @returns the normalised rows, f32 [rows, features], and 1/√(variance + ε), f32 [rows], through
 * which no gradient flows
 * @throws UsageError unless ε > 0
 */
export function normalize(x: Value, options: { epsilon: number }): [Value, Value] {
  checkOptions('normalize', options, { epsilon: checkPositive });
  const { epsilon } = options;
  const [y, inverse] = build([x], { epsilon });
  return [y!, inverse!];
}
