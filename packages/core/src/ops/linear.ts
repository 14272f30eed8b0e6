import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import { expectShape, expectType } from './rules.js';

type Attributes = {
  /** The estimator's name, for people. */
  readonly estimator: string;
};

/**
 * Z = X Wᵀ + b of x f32 [rows, inputs], w f32 [outputs, inputs] and, where there is one, b f32
 * [outputs]. The node is told how gradients pass it.
 */
export const linearOp = defineOp<Attributes>({
  name: 'linear',
  infer: ([x, w, b]) => {
    expectType('x', x!, 'f32', 2);
    expectType('w', w!, 'f32', 2);
    if (x!.shape[1] !== w!.shape[1])
      throw new ShapeError(`x has ${x!.shape[1]} features, w takes ${w!.shape[1]}`);
    if (b) {
      expectType('b', b, 'f32', 1);
      expectShape('b', b, [w!.shape[0]!]);
    }
    return [{ shape: [x!.shape[0]!, w!.shape[0]!], dtype: 'f32' }];
  },
  // What an estimator keeps of x is traced beside the layer, and no input of its.
  vjp: 'traced',
  flops: ([x, , b], [y]) => 2 * elements(y!) * x!.shape[1]! + (b ? elements(y!) : 0),
});
