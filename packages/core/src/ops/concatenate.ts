// Tensors put together along an axis, and parts of them: each is the other's gradient.
import { checkSize } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { checkValue, checkValues } from '../graph/arguments.js';
import { constant } from '../graph/leaves.js';
import { defineOp } from '../graph/op.js';
import type { Shape } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { broadcastTo } from './broadcast-to.js';
import { expectShape, expectType, resolveAxis } from './rules.js';

const buildWhole = defineOp<{ readonly axis: number }>({
  name: 'concatenate',
  infer: (inputs, { axis }) => {
    const [first] = inputs;
    expectType('the first', first!, 'f32');
    const at = resolveAxis(axis, first!.shape.length);
    for (const [place, each] of inputs.entries()) {
      expectType(`input ${place}`, each, 'f32', first!.shape.length);
      const wanted = first!.shape.map((size, other) => (other === at ? each.shape[at]! : size));
      expectShape(`input ${place}`, each, wanted);
    }
    const total = inputs.reduce((sum, { shape }) => sum + shape[at]!, 0);
    return [
      { shape: first!.shape.map((size, other) => (other === at ? total : size)), dtype: 'f32' },
    ];
  },
  vjp: (inputs, _, [dy], { axis }) => {
    let begin = 0;
    return inputs.map(({ shape }) => {
      const part = slice(dy!, { axis, begin, size: shape[axis]! });
      begin += shape[axis]!;
      return part;
    });
  },
  flops: () => 0,
});

/**
 * Tensors one behind the other along an axis. f32 [..., n, ...], of one shape but for that axis.
 * @throws UsageError for fewer than one; ShapeError where they do not fit together
 */
export function concatenate(values: readonly Value[], options: { readonly axis: number }): Value {
  checkValues('what is concatenated', values, 1);
  checkOptions('concatenate', options, { axis: true });
  return buildWhole([...values], { axis: resolveAxis(options.axis, values[0]!.shape.length) })[0]!;
}

type SliceAttributes = { readonly axis: number; readonly begin: number; readonly size: number };

/** A shape with another size along an axis. */
const withSize = (shape: Shape, axis: number, size: number): Shape =>
  shape.map((each, other) => (other === axis ? size : each));

const buildSlice = defineOp<SliceAttributes>({
  name: 'slice',
  infer: ([x], { axis, begin, size }) => {
    expectType('x', x!, 'f32');
    const most = x!.shape[axis]!;
    if (begin + size > most)
      throw new ShapeError(
        `${begin} to ${begin + size} is not within axis ${axis} of [${x!.shape.join(', ')}]`,
      );
    return [{ shape: withSize(x!.shape, axis, size), dtype: 'f32' }];
  },
  vjp: ([x], _, [dy], { axis, begin, size }) => {
    const zeros = (count: number): Value[] =>
      count === 0
        ? []
        : [broadcastTo(constant(new Float32Array(1), []), withSize(x!.shape, axis, count))];
    const behind = x!.shape[axis]! - begin - size;
    return [concatenate([...zeros(begin), dy!, ...zeros(behind)], { axis })];
  },
  flops: () => 0,
  cheap: true,
});

/**
 * A part of a tensor along an axis: from `begin` on, `size` of it. f32 [..., n, ...] → f32 [..., size, ...].
 * @throws ShapeError for a part that is not within the tensor
 */
export function slice(
  x: Value,
  options: { readonly axis: number; readonly begin: number; readonly size: number },
): Value {
  checkValue('slice: x', x);
  // Which axes there are resolveAxis() knows.
  checkOptions('slice', options, { axis: true, begin: checkSize, size: checkSize });
  const { axis, begin, size } = options;
  return buildSlice([x], { axis: resolveAxis(axis, x.shape.length), begin, size })[0]!;
}
