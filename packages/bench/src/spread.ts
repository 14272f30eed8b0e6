import { describeValue, UsageError } from '@sketchgrad/core';

/** The smallest, the middle and the largest of some numbers, in their unit. */
export interface Spread {
  readonly min: number;
  /** With an even count the mean of the two in the middle. */
  readonly median: number;
  readonly max: number;
}

/** @throws UsageError for no numbers at all, and for what is none */
export function spread(values: readonly number[]): Spread {
  if (!Array.isArray(values as unknown))
    throw new UsageError(`values must be an array of numbers, but it is ${describeValue(values)}`);
  if (values.length === 0) throw new UsageError('there is no spread of no numbers');
  for (const value of values)
    if (typeof value !== 'number' || Number.isNaN(value))
      throw new UsageError(`a spread is of numbers, but one is ${describeValue(value)}`);
  const ascending = [...values].sort((a, b) => a - b);
  const middle = ascending.length / 2;
  const median = (ascending[Math.ceil(middle) - 1]! + ascending[Math.floor(middle)]!) / 2;
  return { min: ascending[0]!, median, max: ascending.at(-1)! };
}
