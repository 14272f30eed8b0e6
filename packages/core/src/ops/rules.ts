import { describeValue } from '../checks/describe-value.js';
import { ShapeError, UsageError } from '../errors.js';
import { checkValue } from '../graph/arguments.js';
import {
  checkType,
  type DType,
  elements,
  formatType,
  type Shape,
  type TensorType,
} from '../graph/types.js';
import type { Value } from '../graph/value.js';

/** The one shape that two shapes broadcast to, as in NumPy. @throws ShapeError if there is none */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1)
      throw new ShapeError(`[${a.join(', ')}] and [${b.join(', ')}] do not broadcast`);
    return left === 1 ? right : left;
  });
}

/** @throws UsageError unless they are a list, of the types of inputs, and attributes by name */
export function expectInputs(of: string, types: unknown, attributes: unknown): void {
  if (!Array.isArray(types) || typeof attributes !== 'object' || attributes === null)
    throw new UsageError(
      `${of} takes the inputs of a node and its attributes, but it is given ${describeValue(types)} and ${describeValue(attributes)}`,
    );
}

/** @throws ShapeError unless `type` has this dtype and, when given, this rank */
export function expectType(what: string, type: TensorType, dtype: DType, rank?: number): void {
  checkType(what, type);
  if (type.dtype !== dtype || (rank !== undefined && type.shape.length !== rank))
    throw new ShapeError(
      `${what} must be ${dtype}${rank === undefined ? '' : ` of rank ${rank}`}, not ${formatType(type)}`,
    );
}

/** @throws ShapeError unless `type` has exactly this shape */
export function expectShape(what: string, type: TensorType, shape: Shape): void {
  if (type.shape.length !== shape.length || type.shape.some((size, axis) => size !== shape[axis]))
    throw new ShapeError(`${what} must be [${shape.join(', ')}], not [${type.shape.join(', ')}]`);
}

/** @throws ShapeError unless `type` is a random key, i32 [2]: seed and step */
export function expectKey(type: TensorType): void {
  expectType('key', type, 'i32', 1);
  expectShape('key', type, [2]);
}

/** @throws UsageError unless x is a value, ShapeError unless it is a matrix */
export function rowsOf(x: Value): number {
  checkValue('x', x);
  if (x.shape.length !== 2) throw new ShapeError(`x must have rank 2, not ${x.shape.length}`);
  return x.shape[0]!;
}

/** The axis counted from the front. @throws ShapeError when there is no such axis */
export function resolveAxis(axis: number, rank: number): number {
  const resolved = Number.isInteger(axis) && axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= rank)
    throw new ShapeError(`axis ${describeValue(axis)} is not one of a tensor of rank ${rank}`);
  return resolved;
}

/** Words, i32, that hold one bit for each element of a tensor. */
export const bitWords = (type: TensorType): number => Math.ceil(elements(type) / 32);
