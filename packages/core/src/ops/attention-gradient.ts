import { checkOptions } from '../checks/check-options.js';
import { checkStream, checkValues } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { type AttentionAttributes, attentionSizes } from './attention.js';
import { checkThreshold } from './dropout.js';
import { expectShape } from './rules.js';

const build = defineOp<AttentionAttributes>({
  name: 'attentionGradient',
  infer: (inputs, attributes) => {
    const { batch, sequence, features, heads } = attentionSizes(inputs, attributes);
    expectShape('logSumExp', inputs[3]!, [batch, heads, sequence]);
    expectShape('dcontext', inputs[4]!, [batch * sequence, features]);
    return [inputs[0]!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  // A head's queries, keys and values are read before their cotangents are written.
  overwrites: [0],
  flops: (inputs, _, attributes) => {
    const { batch, sequence, features, heads } = attentionSizes(inputs, attributes);
    return batch * sequence * sequence * (10 * features + 12 * heads);
  },
});

/**
 * Cotangent of attention's projections: probabilities again, the log-sum-exps keeping their powers in
 * range and their sum making up for what those were rounded by, then
 * dV = Pᵀ dO, dP = dO Vᵀ, dS = P · (dP − Σ P · dP), dQ = dS K/√size, dK = dSᵀ Q/√size, dropout's
 * mask drawn again from the key.
 *
 * @param inputs projections f32 [batch · sequence, 3 · features], mask i32 [batch, sequence],
 * key i32 [2], log-sum-exp f32 [batch, heads, sequence], dcontext f32 [batch · sequence, features]
 * @returns f32 [batch · sequence, 3 · features]
 */
export const attentionGradient = (
  inputs: readonly [Value, Value, Value, Value, Value],
  attributes: AttentionAttributes,
): Value => {
  checkValues('inputs', inputs, 5);
  checkOptions('attentionGradient', attributes, {
    heads: true,
    threshold: checkThreshold,
    stream: checkStream,
  });
  return build(inputs, attributes)[0]!;
};
