import type { TensorType } from '../graph/types.js';
import { expectKey, expectShape, expectType } from './rules.js';

/**
 * The type of Sᵀ x, f32 [rows, features], for x f32 [n, features], a key and, where it is given, an
 * order of x's rows, i32 [n]. @throws ShapeError where they are something else
 */
export function sketchType(
  [x, key, order]: readonly TensorType[],
  rows: number,
): readonly [TensorType] {
  expectType('x', x!, 'f32', 2);
  expectKey(key!);
  if (order) {
    expectType('order', order, 'i32', 1);
    expectShape('order', order, [x!.shape[0]!]);
  }
  return [{ shape: [rows, x!.shape[1]!], dtype: 'f32' }];
}
