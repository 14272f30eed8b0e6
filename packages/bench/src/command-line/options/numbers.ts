import { InvalidArgumentError } from 'commander';

/** Parses a whole number from `least` to `most`. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const upper = most === Number.MAX_SAFE_INTEGER ? `at least ${least}` : `${least} to ${most}`;
    throw new InvalidArgumentError(`It must be a whole number, ${upper}.`);
  };

/** Parses a number above 0 and at most `most`. */
export const positiveNumber =
  (most = Number.MAX_VALUE) =>
  (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value > 0 && value <= most) return value;
    const upper = most === Number.MAX_VALUE ? '' : ` and at most ${most}`;
    throw new InvalidArgumentError(`It must be a number above 0${upper}.`);
  };
