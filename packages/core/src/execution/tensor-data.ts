import { describeValue } from '../checks/describe-value.js';
import { ShapeError, UsageError } from '../errors.js';
import { type DType, elements, formatType, type TensorType } from '../graph/types.js';
import type { TensorData } from './contract.js';

/** Numbers in any array that an executor may take. */
export type AnyData = TensorData | Float64Array;

/** The arrays that numbers of each dtype may come in, the usual one first. */
export type DataKinds = Readonly<Record<DType, readonly (new (length: number) => AnyData)[]>>;

export const DATA: DataKinds = { f32: [Float32Array], i32: [Int32Array] };

/** @throws UsageError for another array than a tensor of this type comes in */
export function checkKind(what: string, type: TensorType, data: AnyData, all: DataKinds): void {
  const kinds = all[type.dtype];
  if (!kinds.some((kind) => data instanceof kind))
    throw new UsageError(
      `${what} is ${formatType(type)} and must be a ${kinds[0]!.name}, but it is ${describeValue(data)}`,
    );
}

/** @throws ShapeError for more or fewer numbers than a tensor of this type has */
export function checkElements(what: string, type: TensorType, data: AnyData): void {
  if (data.length !== elements(type))
    throw new ShapeError(
      `${what} is ${formatType(type)}, ${elements(type)} numbers, not ${data.length}`,
    );
}
