import { checkOneOf } from '../checks/check-members.js';
import { describeValue } from '../checks/describe-value.js';
import { ShapeError, UsageError } from '../errors.js';
import { checkShape } from './arguments.js';

/** What a tensor's elements are: 32-bit floats or 32-bit signed integers. */
export const DTYPES = ['f32', 'i32'] as const;
export type DType = (typeof DTYPES)[number];

export type Shape = readonly number[];

/** Shape and element type of a value, without its data. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Bytes of one element; both dtypes have 4. */
export const ELEMENT_BYTES = 4;

/** @throws UsageError for what is no type of a tensor; what its sizes are is checked elsewhere */
export function checkType(of: string, type: TensorType): void {
  if (typeof type !== 'object' || type === null || !Array.isArray(type.shape))
    throw new UsageError(
      `${of} takes the type of a tensor, { shape, dtype }, but it is given ${describeValue(type)}`,
    );
  checkOneOf(`${of}: dtype`, type.dtype, DTYPES);
}

/** @throws ShapeError for sizes that no tensor has */
function checkSizes(shape: Shape): void {
  if (!shape.every((size) => Number.isInteger(size) && size >= 0))
    throw new ShapeError(
      `sizes must be whole numbers ≥ 0, not [${shape.map(describeValue).join(', ')}]`,
    );
}

/**
 * How many elements a tensor of this type has; 1 for a scalar (shape []).
 * @throws UsageError for what is no type; ShapeError for sizes that are no whole numbers ≥ 0
 */
export function elements(type: TensorType): number {
  checkType('elements', type);
  let count = 1;
  checkSizes(type.shape);
  for (const size of type.shape) count *= size;
  return count;
}

/** How many bytes a tensor of this type takes. */
export const byteLength = (type: TensorType): number => elements(type) * ELEMENT_BYTES;

/** A type in the notation of messages and listings: `f32 [2, 3]`. */
export function formatType(type: TensorType): string {
  checkType('formatType', type);
  return `${type.dtype} [${type.shape.map(String).join(', ')}]`;
}

/**
 * Whether two shapes have the same sizes.
 * @throws UsageError for what is no shape; ShapeError for sizes that are no whole numbers ≥ 0
 */
export function sameShape(a: Shape, b: Shape): boolean {
  checkShape('sameShape: a', a);
  checkShape('sameShape: b', b);
  checkSizes(a);
  checkSizes(b);
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

export const f32 = (...shape: number[]): TensorType => ({ shape, dtype: 'f32' });
