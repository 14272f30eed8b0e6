import { checkCount } from '../checks/check-members.js';
import { checkOptions, type OptionNames } from '../checks/check-options.js';
import { checkStream, checkValues } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { type AttentionAttributes, attendedPairs, attentionSizes } from './attention.js';
import { checkThreshold } from './dropout.js';
import { expectShape } from './rules.js';

const build = defineOp<AttentionAttributes>({
  name: 'attentionGradient',
  infer: (inputs, attributes) => {
    const { rows, features, heads } = attentionSizes(inputs, attributes);
    expectShape('logSumExp', inputs[4]!, [heads, rows]);
    expectShape('dcontext', inputs[5]!, [rows, features]);
    return [inputs[0]!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  // A head's queries, keys and values are read before their cotangents are written.
  overwrites: [0],
  flops: (inputs, _, attributes) => {
    const sizes = attentionSizes(inputs, attributes);
    return attendedPairs(sizes) * (10 * sizes.features + 12 * sizes.heads);
  },
});

/** What gradients of attention check their attributes by. */
export const ATTENTION_ATTRIBUTES: OptionNames<AttentionAttributes> = {
  ...{ heads: true, longest: checkCount, threshold: checkThreshold, stream: checkStream },
};

/**
 * Cotangent of attention's projections: probabilities again, the log-sum-exps keeping their powers in
 * range and their sum making up for what those were rounded by, then
 * dV = Pᵀ dO, dP = dO Vᵀ, dS = P · (dP − Σ P · dP), dQ = dS K/√size, dK = dSᵀ Q/√size, dropout's
 * mask drawn again from the key. Rows behind the last sequence become zeros.
 *
 * @param inputs projections f32 [rows, 3 · features], starts i32 [examples + 1], mask i32 [rows],
 * key i32 [2], log-sum-exp f32 [heads, rows], dcontext f32 [rows, features]
 * @returns f32 [rows, 3 · features]
 */
export const attentionGradient = (
  inputs: readonly [Value, Value, Value, Value, Value, Value],
  attributes: AttentionAttributes,
): Value => {
  checkValues('inputs', inputs, 6);
  checkOptions('attentionGradient', attributes, ATTENTION_ATTRIBUTES);
  return build(inputs, attributes)[0]!;
};
