import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { expectType } from './rules.js';

/** As many axes as a tensor may have whose axes change places. */
export const PERMUTED_AXES = 6;

const build = defineOp<{ readonly order: readonly number[] }>({
  name: 'permuteAxes',
  infer: ([x], { order }) => {
    expectType('x', x!, 'f32', order.length);
    return [{ shape: order.map((axis) => x!.shape[axis]!), dtype: 'f32' }];
  },
  vjp: (_inputs, _outputs, [dy], { order }) => [
    permuteAxes(
      dy!,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ],
  flops: () => 0,
  cheap: true,
});

/**
 * Axes in another order, as NumPy's transpose: axis i of the result is axis order[i] of x. f32, of up to
 * {@link PERMUTED_AXES} axes. @throws UsageError for what is no order of x's axes
 */
export function permuteAxes(x: Value, order: readonly number[]): Value {
  checkValue('permuteAxes: x', x);
  const axes = x.shape.length;
  const isOrder =
    Array.isArray(order) &&
    order.length === axes &&
    x.shape.every((_, axis) => order.includes(axis));
  if (!isOrder)
    throw new UsageError(
      `permuteAxes takes an order of x's ${axes} axes, but it is ${describeValue(order)}`,
    );
  if (axes > PERMUTED_AXES)
    throw new UsageError(`permuteAxes takes up to ${PERMUTED_AXES} axes, but x has ${axes}`);
  return build([x], { order: [...order] })[0]!;
}
