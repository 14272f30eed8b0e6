import { describeValue, UsageError } from '@sketchgrad/core';

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** What a constant may be, and how that is said. */
export const SHARE = {
  fits: (value: unknown): boolean => isNumber(value) && value >= 0 && value < 1,
  accepted: 'at least 0 and below 1',
};
export const ABOVE_ZERO = {
  fits: (value: unknown): boolean => isNumber(value) && value > 0,
  accepted: 'a number above 0',
};
export const FROM_ZERO = {
  fits: (value: unknown): boolean => isNumber(value) && value >= 0,
  accepted: 'a number from 0 up',
};

/** @throws UsageError for a constant out of its range */
export function checkConstants<O extends object>(
  of: string,
  constants: O,
  rules: Readonly<Partial<Record<keyof O, typeof SHARE>>>,
): void {
  for (const [name, { fits, accepted }] of Object.entries(rules) as [keyof O, typeof SHARE][])
    if (!fits(constants[name]))
      throw new UsageError(
        `${of}'s ${String(name)} must be ${accepted}, but it is ${describeValue(constants[name])}`,
      );
}
