import { checkCount } from '../checks/check-members.js';
import { checkOptions, type OptionNames } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { checkKey } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { TensorType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { attentionGradient } from './attention-gradient.js';
import { dropoutThreshold } from './dropout.js';
import { expectInputs, expectKey, expectShape, expectType } from './rules.js';
import { type SequenceSizes, sequenceSizes } from './sequences.js';

/** What all attention ops are told. */
export type AttentionAttributes = {
  readonly heads: number;
  /** Rows of the longest sequence at most: what a device makes room for. */
  readonly longest: number;
  /** As in dropout: a probability is dropped when its 16 random bits are below this. */
  readonly threshold: number;
  readonly stream: number;
};

/** Sizes of an attention: features are those of one projection, `size` those of one head. */
export interface AttentionSizes extends SequenceSizes {
  readonly features: number;
  readonly heads: number;
  readonly size: number;
  readonly longest: number;
}

/** How attention is computed over packed sequences. */
export interface AttentionOptions {
  /** A divisor of the features. */
  readonly heads: number;
  /** Rows of the longest sequence at most. A run fails with a BackendError where one is longer. */
  readonly longest: number;
  /** Probability of dropping a probability, in [0, 1). */
  readonly rate: number;
  readonly key: Key;
}

// Heads are checked with the shapes that they divide.
const OPTIONS: OptionNames<AttentionOptions> = {
  ...{ heads: true, longest: checkCount, rate: true, key: checkKey },
};

/** The attributes of options. @throws UsageError for options that do not fit */
export function attentionAttributes(of: string, options: AttentionOptions): AttentionAttributes {
  checkOptions(of, options, OPTIONS);
  const { heads, longest, rate, key } = options;
  return { heads, longest, threshold: dropoutThreshold(rate), stream: key.stream };
}

/**
 * Sizes of packed sequences in which features fall into heads.
 *
 * @param named what has the features, and how many times them it has as columns
 * @throws UsageError for what is no number of heads; ShapeError where types do not fit
 */
export function headSizes(
  [name, type, times]: readonly [name: string, type: TensorType, times: number],
  starts: TensorType,
  { heads, longest }: AttentionAttributes,
): AttentionSizes {
  expectType(name, type, 'f32', 2);
  checkCount('heads', heads);
  const [rows, columns] = type.shape as [number, number];
  const features = columns / times;
  if (features === 0 || !Number.isInteger(features / heads))
    throw new ShapeError(`${columns} columns are not ${times} × ${heads} heads`);
  return { ...sequenceSizes(rows, starts), features, heads, size: features / heads, longest };
}

/**
 * Sizes of an attention.
 * @throws UsageError for what are no inputs or heads; ShapeError where they do not fit
 */
export function attentionSizes(
  inputs: readonly TensorType[],
  attributes: AttentionAttributes,
): AttentionSizes {
  expectInputs('attentionSizes', inputs, attributes);
  const [projections, starts, mask, key] = inputs;
  const sizes = headSizes(['projections', projections!, 3], starts!, attributes);
  expectType('mask', mask!, 'i32', 1);
  expectShape('mask', mask!, [sizes.rows]);
  expectKey(key!);
  return sizes;
}

/** Pairs of rows that attend to each other, were all sequences equally long. */
export const attendedPairs = ({ rows, examples }: SequenceSizes): number =>
  examples === 0 ? 0 : Math.round(rows ** 2 / examples);

const build = defineOp<AttentionAttributes>({
  name: 'attention',
  infer: (inputs, attributes) => {
    const { rows, features, heads } = attentionSizes(inputs, attributes);
    return [
      { shape: [rows, features], dtype: 'f32' },
      { shape: [heads, rows], dtype: 'f32' },
    ];
  },
  // The context is not mentioned: Σ dP·P takes its place in the softmax's gradient.
  vjp: ([projections, starts, mask, key], [, logSumExp], [dcontext], attributes) => [
    dcontext &&
      attentionGradient([projections!, starts!, mask!, key!, logSumExp!, dcontext], attributes),
    undefined,
    undefined,
    undefined,
  ],
  flops: (inputs, _, attributes) => {
    const sizes = attentionSizes(inputs, attributes);
    return attendedPairs(sizes) * (4 * sizes.features + 7 * sizes.heads);
  },
});

/**
 * Multi-head self-attention, softmax(Q Kᵀ/√size) V for each head, within each of several sequences that
 * lie one behind the other, with dropout on the probabilities. For the backward pass it keeps its
 * input and one log-sum-exp a row and head; the probabilities are made again (arXiv 2205.14135). Of a
 * sequence of T rows, probability (h, i, j) takes its dropout bits as element (h · T + i) · T + j behind
 * those of the sequences before, heads · T² each. Rows behind the last sequence become zeros.
 *
 * @param projections queries, keys and values side by side, f32 [rows, 3 · features]
 * @param starts i32 [examples + 1], where each sequence begins and the last one ends, rising from 0. A
 * run fails with a BackendError for others, and for a sequence that is longer than `longest`
 * @param mask i32 [rows]: keys where it is 0 are not attended to; a sequence of which all are 0 gets
 * a context of zeros
 * @returns f32 [rows, features]
 */
export const attention = (
  projections: Value,
  starts: Value,
  mask: Value,
  options: AttentionOptions,
): Value => {
  const attributes = attentionAttributes('attention', options);
  return build([projections, starts, mask, options.key.value], attributes)[0]!;
};
