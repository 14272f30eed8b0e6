/** Bits of one element of each dtype that the safetensors format names. */
export const DTYPE_BITS = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E5M2FNUZ: 8,
  F8_E4M3FNUZ: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  C64: 64,
} as const;

/** The name of a dtype as a safetensors header spells it. */
export type SafetensorsDType = keyof typeof DTYPE_BITS;

/** The dtypes that a Float32Array can be written in, and read from without a loss. */
export type FloatDType = 'F32' | 'F16' | 'BF16';

/** The dtypes that can be read as f32; F64 is rounded. */
export const READABLE_DTYPES = ['F32', 'F16', 'BF16', 'F64'] as const;

/** A dtype that can be read as f32. */
export type ReadableDType = (typeof READABLE_DTYPES)[number];

/** Where one tensor lies in a file. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  /** Dimensions, outermost first; [] for a scalar. */
  readonly shape: readonly number[];
  /** First byte, counted from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

export function isDType(name: unknown): name is SafetensorsDType {
  return typeof name === 'string' && Object.hasOwn(DTYPE_BITS, name);
}

export function isReadableDType(dtype: SafetensorsDType): dtype is ReadableDType {
  return (READABLE_DTYPES as readonly string[]).includes(dtype);
}

/** The number of elements of a shape: 1 for a scalar, 0 where a dimension is 0. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
