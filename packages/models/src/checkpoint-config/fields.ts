import { DataError } from '@sketchgrad/core';

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

  /** A whole number ≥ `least`. */
  whole(name: string, least: number, fallback?: number): number {
    const value = this.get(name) ?? fallback;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    throw this.wrong(name, `a whole number ≥ ${least}`);
  }

  /** A number above 0. */
  positive(name: string, fallback: number): number {
    const value = this.get(name) ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw this.wrong(name, 'a number > 0');
  }

  /** A probability in [0, 1). */
  probability(name: string, fallback: number): number {
    const value = this.get(name) ?? fallback;
    if (typeof value === 'number' && value >= 0 && value < 1) return value;
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
    const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
    return new DataError(this.file, `"${name}" ${found}; accepted: ${accepted}`);
  }
}
