import { checkOptions } from '../checks/check-options.js';
import { checkValues } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import type { AttentionAttributes } from './attention.js';
import { ATTENTION_ATTRIBUTES } from './attention-gradient.js';
import { poolingSizes } from './attention-pooling.js';
import { expectShape } from './rules.js';

const build = defineOp<AttentionAttributes>({
  name: 'attentionPoolingGradient',
  infer: (inputs, attributes) => {
    const { rows, examples, features, heads } = poolingSizes(inputs, attributes);
    expectShape('probabilities', inputs[5]!, [heads, rows]);
    expectShape('dcontext', inputs[6]!, [examples, features]);
    return [inputs[1]!, inputs[0]!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  // A head's keys and values are read before their cotangents are written.
  overwrites: [1],
  flops: (inputs, _, attributes) => {
    const { rows, features, heads } = poolingSizes(inputs, attributes);
    return rows * (8 * features + 5 * heads);
  },
});

/**
 * Cotangents of attentionPooling's queries, keys and values, as in attentionGradient; the
 * probabilities are those of the forward pass before dropout, whose mask is drawn again from the key.
 * Rows behind the last sequence become zeros.
 *
 * @param inputs queries f32 [examples, features], keysValues f32 [rows, 2 · features], starts i32
 * [examples + 1], mask i32 [rows], key i32 [2], probabilities f32 [heads, rows], dcontext f32
 * [examples, features]
 * @returns dqueries f32 [examples, features], dkeysValues f32 [rows, 2 · features]
 */
export const attentionPoolingGradient = (
  inputs: readonly [Value, Value, Value, Value, Value, Value, Value],
  attributes: AttentionAttributes,
): readonly [dqueries: Value, dkeysValues: Value] => {
  checkValues('inputs', inputs, 7);
  checkOptions('attentionPoolingGradient', attributes, ATTENTION_ATTRIBUTES);
  const [dkeysValues, dqueries] = build(inputs, attributes);
  return [dqueries!, dkeysValues!];
};
