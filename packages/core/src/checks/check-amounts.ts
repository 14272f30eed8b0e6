import { UsageError } from '../errors.js';
import { describeValue } from './describe-value.js';

/** Whether it is an array or a typed array. */
export const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

/**
 * @param of what each number is for: `rows`
 * @throws UsageError unless it is an array, or typed array, of `count` finite numbers ≥ 0
 */
export function checkAmounts(name: string, values: unknown, count: number, of: string): void {
  if (!isList(values) || values.length !== count)
    throw new UsageError(
      `${name} must be a number for each of ${count} ${of}, but they are ${isList(values) ? values.length : describeValue(values)}`,
    );
  for (let at = 0; at < count; at++)
    if (!(Number.isFinite(values[at]) && (values[at] as number) >= 0))
      throw new UsageError(
        `${name}[${at}] must be a finite number ≥ 0, but it is ${describeValue(values[at])}`,
      );
}
