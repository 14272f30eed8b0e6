import { checkIndexCount } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { checkKey } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements, type TensorType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { expectKey, expectType } from './rules.js';

type Attributes = { readonly count: number; readonly stream: number };

const build = defineOp<Attributes>({
  name: 'sampleRows',
  infer: ([weights, key], { count }) => {
    const types = drawTypes(weights!, key!, count);
    if (weights!.shape[0] === 0) throw new ShapeError('there must be at least one row to draw');
    return types;
  },
  // A draw, not a function of its weights; what is made of it is unbiased whatever they are.
  vjp: 'none',
  flops: ([weights], _, { count }) => elements(weights!) + 3 * count,
});

/**
 * Draws `count` rows with replacement, row i with probability q_i = weight_i / Σ weights, and gives
 * the factor 1/(count · q_i) by which each is to be multiplied, so that a sum over the drawn rows has
 * the mean of the sum over all. Draw t takes the row in whose stretch of the weights' prefix sums
 * (f64, in order) u · Σ weights lies, u being the 53 leading bits of Threefry block t of the stream;
 * q_i is that stretch over the sum. Where all weights are 0, every row is drawn alike, which leaves
 * the mean as it is.
 *
 * @param weights f32 [rows]; a run fails with a BackendError for one that is not finite or below 0
 * @returns the rows, i32 [count], and their factors, f32 [count]
 * @throws UsageError unless count is a whole number ≥ 1
 */
export function sampleRows(
  weights: Value,
  options: { count: number; key: Key },
): [indices: Value, factors: Value] {
  checkOptions('sampleRows', options, { count: checkIndexCount, key: checkKey });
  const { count, key } = options;
  const [indices, factors] = build([weights, key.value], { count, stream: key.stream });
  return [indices!, factors!];
}

/**
 * The types of rows and their factors, i32 [count] and f32 [count], drawn by weights f32 [rows].
 * @throws ShapeError where weights or key are something else
 */
export function drawTypes(
  weights: TensorType,
  key: TensorType,
  count: number,
): readonly TensorType[] {
  expectType('weights', weights, 'f32', 1);
  expectKey(key);
  return [
    { shape: [count], dtype: 'i32' },
    { shape: [count], dtype: 'f32' },
  ];
}
