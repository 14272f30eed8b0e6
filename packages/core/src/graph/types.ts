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

/** How many elements a tensor of this type has; 1 for a scalar (shape []). */
export function elements(type: TensorType): number {
  let count = 1;
  for (const size of type.shape) count *= size;
  return count;
}

/** How many bytes a tensor of this type takes. */
export const byteLength = (type: TensorType): number => elements(type) * ELEMENT_BYTES;

/** A type in the notation of messages and listings: `f32 [2, 3]`. */
export const formatType = (type: TensorType): string => `${type.dtype} [${type.shape.join(', ')}]`;

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

export const f32 = (...shape: number[]): TensorType => ({ shape, dtype: 'f32' });
