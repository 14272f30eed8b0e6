import { checkIndexCount } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { checkKey } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { drawTypes } from './sample-rows.js';

type Attributes = { readonly count: number; readonly stream: number };

const build = defineOp<Attributes>({
  name: 'winnerRows',
  infer: ([weights, key], { count }) => {
    const types = drawTypes(weights!, key!, count);
    if (weights!.shape[0]! < count)
      throw new ShapeError(`${count} of ${weights!.shape[0]} rows cannot be chosen`);
    return [...types, { shape: weights!.shape, dtype: 'f32' }];
  },
  // A choice, not a function of its weights; what is made of it is unbiased whatever they are.
  vjp: 'none',
  flops: ([weights], _, { count }) => elements(weights!) + 5 * count,
});

/**
 * Chooses `count` of the rows so that a sum over them, each times its factor, has the mean of the
 * sum over all: the rows of largest weight, the winners C, with factor 1, then draws with replacement
 * from the others, row i with probability q_i = weight_i / Σ_{i∉C} weights and factor
 * 1/((count − |C|) q_i). |C| makes Σ_{i∉C} weights / (count − |C|) least. Place t ≥ |C| takes Threefry
 * block t of the stream, as in {@link sampleRows}; the sums run from the smallest weight up. Where
 * the others' weights are all 0, they are drawn alike. Source: arXiv 2305.15265, section 3.2.
 *
 * @param weights f32 [rows]; a run fails with a BackendError for one that is not finite or below 0
 * @returns the rows, i32 [count]; their factors, f32 [count]; and f32 [rows], 0 for a winner and 1 for
 * each of the others
 * @throws UsageError unless count is a whole number ≥ 1; ShapeError when it is above `rows`
 */
export function winnerRows(
  weights: Value,
  options: { count: number; key: Key },
): [indices: Value, factors: Value, others: Value] {
  checkOptions('winnerRows', options, { count: checkIndexCount, key: checkKey });
  const { count, key } = options;
  const made = build([weights, key.value], { count, stream: key.stream });
  return made as [Value, Value, Value];
}
