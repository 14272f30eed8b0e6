import { DataError } from '@sketchgrad/core';
import { showValue } from '../json/show-value.js';

/** The largest size that is taken for one: the bytes of a table of as many rows and columns are exact. */
const LARGEST = 2 ** 24;

/** Reads fields of a JSON object, each checked; a fallback stands in for an absent field. */
export class Fields {
  constructor(
    readonly file: string,
    private readonly values: Readonly<Record<string, unknown>>,
  ) {}

  /** The field as it is; undefined where it is absent or null. */
  get(name: string): unknown {
    return (Object.hasOwn(this.values, name) ? this.values[name] : undefined) ?? undefined;
  }

  /** A whole number in a range, by default up to 2^24. */
  whole(
    name: string,
    { least, most = LARGEST, fallback }: { least: number; most?: number; fallback?: number },
  ): number {
    const value = this.get(name) ?? fallback;
    // −0 is 0 from here on.
    if (Number.isInteger(value) && within(value, least, most)) return value + 0;
    throw this.wrong(name, `a whole number from ${least} to ${most}`);
  }

  /** A number that is above 0 and finite in f32 too. */
  positive(name: string, fallback?: number): number {
    const value = this.get(name) ?? fallback;
    if (typeof value === 'number' && Math.fround(value) > 0 && Math.fround(value) < Infinity)
      return value;
    throw this.wrong(name, 'a number > 0 within the range of f32');
  }

  /** A probability in [0, 1), in f32 too. */
  probability(name: string, fallback?: number): number {
    const value = this.get(name) ?? fallback;
    if (typeof value === 'number' && value >= 0 && Math.fround(value) < 1) return value + 0;
    throw this.wrong(name, 'a probability in [0, 1)');
  }

  /** One of a few values; what is absent counts as the first. */
  oneOf<T extends string | boolean>(name: string, accepted: readonly [T, ...T[]]): T {
    const value = this.get(name) ?? accepted[0];
    const found = accepted.find((item) => item === value);
    if (found !== undefined) return found;
    throw this.wrong(name, accepted.map((item) => JSON.stringify(item)).join(' or '));
  }

  wrong(name: string, accepted: string): DataError {
    const value = this.get(name);
    const found = value === undefined ? 'is missing' : `is ${showValue(value)}`;
    return new DataError(this.file, `"${name}" ${found}; accepted: ${accepted}`);
  }
}

const within = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most;
