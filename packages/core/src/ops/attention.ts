import { checkCount } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { checkKey } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { TensorType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { attentionGradient } from './attention-gradient.js';
import { dropoutThreshold } from './dropout.js';
import { expectInputs, expectKey, expectShape, expectType } from './rules.js';

/** What both attention ops are told. */
export type AttentionAttributes = {
  readonly heads: number;
  /** As in dropout: a probability is dropped when its 16 random bits are below this. */
  readonly threshold: number;
  readonly stream: number;
};

/**
 * Sizes of an attention: features are those of one projection, `size` those of one head.
 * @throws UsageError for what are no inputs or heads; ShapeError where they do not fit
 */
export function attentionSizes(
  inputs: readonly TensorType[],
  attributes: AttentionAttributes,
): { batch: number; sequence: number; features: number; heads: number; size: number } {
  expectInputs('attentionSizes', inputs, attributes);
  const [projections, mask, key] = inputs;
  const { heads } = attributes;
  expectType('projections', projections!, 'f32', 2);
  expectType('mask', mask!, 'i32', 2);
  expectKey(key!);
  checkCount('heads', heads);
  const [batch, sequence] = mask!.shape as [number, number];
  const features = projections!.shape[1]! / 3;
  if (features === 0 || !Number.isInteger(features / heads))
    throw new ShapeError(`${projections!.shape[1]} columns are not 3 × ${heads} heads`);
  expectShape('projections', projections!, [batch * sequence, 3 * features]);
  return { batch, sequence, features, heads, size: features / heads };
}

const build = defineOp<AttentionAttributes>({
  name: 'attention',
  infer: (inputs, attributes) => {
    const { batch, sequence, features, heads } = attentionSizes(inputs, attributes);
    return [
      { shape: [batch * sequence, features], dtype: 'f32' },
      { shape: [batch, heads, sequence], dtype: 'f32' },
    ];
  },
  // The context is not mentioned: Σ dP·P takes its place in the softmax's gradient.
  vjp: ([projections, mask, key], [, logSumExp], [dcontext], attributes) => [
    dcontext && attentionGradient([projections!, mask!, key!, logSumExp!, dcontext], attributes),
    undefined,
    undefined,
  ],
  flops: (inputs, _, attributes) => {
    const { batch, sequence, features, heads } = attentionSizes(inputs, attributes);
    return batch * sequence * sequence * (4 * features + 7 * heads);
  },
});

/**
 * Multi-head self-attention, softmax(Q Kᵀ/√size) V for each head, with dropout on the
 * probabilities. For the backward pass it keeps its input and one log-sum-exp a row; the
 * probabilities are made again (arXiv 2205.14135). Probability (b, h, i, j) takes its dropout bits
 * as element ((b · heads + h) · sequence + i) · sequence + j.
 *
 * @param projections queries, keys and values side by side, f32 [batch · sequence, 3 · features]
 * @param mask i32 [batch, sequence]: keys where it is 0 are not attended to; a sequence of which
 * all are 0 gets a context of zeros
 * @returns f32 [batch · sequence, features]
 */
export function attention(
  projections: Value,
  mask: Value,
  options: { heads: number; rate: number; key: Key },
): Value {
  // Heads are checked with the shapes that they divide.
  checkOptions('attention', options, { heads: true, rate: true, key: checkKey });
  const { heads, rate, key } = options;
  const attributes = { heads, threshold: dropoutThreshold(rate), stream: key.stream };
  return build([projections, mask, key.value], attributes)[0]!;
}
