import { checkFlag } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements, type Shape } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { broadcastTo } from './broadcast-to.js';
import { reshape } from './reshape.js';
import { expectType, resolveAxis } from './rules.js';

type Attributes = { readonly axis: number };

const build = defineOp<Attributes>({
  name: 'sum',
  infer: ([x], { axis }) => {
    expectType('x', x!, 'f32');
    const at = resolveAxis(axis, x!.shape.length);
    return [{ shape: x!.shape.filter((_, other) => other !== at), dtype: 'f32' }];
  },
  vjp: ([x], _, [dy], { axis }) => {
    const kept = x!.shape.map((size, other) => (other === axis ? 1 : size));
    return [broadcastTo(reshape(dy!, kept), x!.shape)];
  },
  flops: ([x]) => elements(x!),
});

/**
 * Sum over one axis, or over all of them. f32 [..., n, ...] → f32 [..., ...]; without an axis → [].
 *
 * @throws ShapeError for an axis that x does not have
 */
export function sum(x: Value, options: { axis?: number; keepDimensions?: boolean } = {}): Value {
  checkValue('sum: x', x);
  // Which axes there are resolveAxis() knows.
  checkOptions('sum', options, { axis: true, keepDimensions: checkFlag });
  const { axis, keepDimensions = false } = options;
  if (axis === undefined) {
    const total = build([reshape(x, [elements(x)])], { axis: 0 })[0]!;
    return keepDimensions
      ? reshape(
          total,
          x.shape.map(() => 1),
        )
      : total;
  }
  const at = resolveAxis(axis, x.shape.length);
  const total = build([x], { axis: at })[0]!;
  if (!keepDimensions) return total;
  return reshape(
    total,
    x.shape.map((size, other) => (other === at ? 1 : size)),
  );
}

/** Sums `x` down to a shape that broadcasts to its own: the vjp of broadcasting. */
export function sumTo(x: Value, shape: Shape): Value {
  let result = x;
  while (result.shape.length > shape.length) result = sum(result, { axis: 0 });
  shape.forEach((size, axis) => {
    if (size === 1 && result.shape[axis] !== 1)
      result = sum(result, { axis, keepDimensions: true });
  });
  return result;
}
