import { defineOp } from '../graph/op.js';
import type { TensorType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import {
  type AttentionAttributes,
  type AttentionOptions,
  type AttentionSizes,
  attentionAttributes,
  headSizes,
} from './attention.js';
import { attentionPoolingGradient } from './attention-pooling-gradient.js';
import { expectInputs, expectKey, expectShape, expectType } from './rules.js';

/**
 * Sizes of an attention of one query a sequence.
 * @throws UsageError for what are no inputs or heads; ShapeError where they do not fit
 */
export function poolingSizes(
  inputs: readonly TensorType[],
  attributes: AttentionAttributes,
): AttentionSizes {
  expectInputs('poolingSizes', inputs, attributes);
  const [queries, keysValues, starts, mask, key] = inputs;
  const sizes = headSizes(['keysValues', keysValues!, 2], starts!, attributes);
  expectType('queries', queries!, 'f32', 2);
  expectShape('queries', queries!, [sizes.examples, sizes.features]);
  expectType('mask', mask!, 'i32', 1);
  expectShape('mask', mask!, [sizes.rows]);
  expectKey(key!);
  return sizes;
}

const build = defineOp<AttentionAttributes>({
  name: 'attentionPooling',
  infer: (inputs, attributes) => {
    const { rows, examples, features, heads } = poolingSizes(inputs, attributes);
    // The probabilities themselves are a number a row and head, no more than a log-sum-exp elsewhere.
    return [
      { shape: [examples, features], dtype: 'f32' },
      { shape: [heads, rows], dtype: 'f32' },
    ];
  },
  vjp: ([queries, keysValues, starts, mask, key], [, probabilities], [dcontext], attributes) => {
    if (!dcontext) return Array.from({ length: 5 }, () => undefined);
    const inputs = [queries!, keysValues!, starts!, mask!, key!, probabilities!, dcontext] as const;
    const [dqueries, dkeysValues] = attentionPoolingGradient(inputs, attributes);
    return [dqueries, dkeysValues, undefined, undefined, undefined];
  },
  flops: (inputs, _, attributes) => {
    const { rows, features, heads } = poolingSizes(inputs, attributes);
    return rows * (4 * features + 7 * heads);
  },
});

/**
 * Multi-head attention of one query for each of several sequences that lie one behind the other, over
 * the keys and values of its sequence: what a classifier's last layer needs, which looks at first
 * tokens alone. The same numbers as those rows of {@link attention} but for dropout: probability
 * (h, j) of a sequence of T rows takes its bits as element h · T + j behind those of the sequences
 * before, heads · T each.
 *
 * @param queries f32 [examples, features]
 * @param keysValues keys and values side by side, f32 [rows, 2 · features]
 * @param starts i32 [examples + 1], as in {@link attention}
 * @param mask i32 [rows], as in {@link attention}
 * @returns f32 [examples, features]
 */
export const attentionPooling = (
  queries: Value,
  keysValues: Value,
  starts: Value,
  mask: Value,
  options: AttentionOptions,
): Value => {
  const attributes = attentionAttributes('attentionPooling', options);
  return build([queries, keysValues, starts, mask, options.key.value], attributes)[0]!;
};
