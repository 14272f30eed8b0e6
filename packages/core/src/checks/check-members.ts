import { UsageError } from '../errors.js';
import { describeValue } from './describe-value.js';
import { nearName } from './near-name.js';

/** What `typeof` says of a member, or that it is an array. */
export type MemberKind = 'array' | 'boolean' | 'function' | 'number' | 'object' | 'string';

/** Checks one argument, by its name. @throws UsageError */
export type Check = (name: string, value: unknown) => void;

/** A kind of object that arguments can be of. */
export interface ObjectKind {
  /** What makes such objects: `a backend, such as loadBackend('cpu') gives`. */
  readonly accepted: string;
  readonly members: Readonly<Record<string, MemberKind>>;
}

/**
 * Checks that an argument is an object of a kind, by the members that are used of it.
 *
 * @param name the argument's
 * @throws UsageError that says what it is, and what gives an object of the kind
 */
export function checkMembers(
  name: string,
  value: unknown,
  { accepted, members }: ObjectKind,
): void {
  const missing = missingMember(value, members);
  if (missing === undefined) return;
  const isObject = typeof value === 'object' && value !== null;
  const lacks = isObject
    ? `, without ${missing}${members[missing] === 'function' ? '()' : ''}`
    : '';
  throw new UsageError(`${name} must be ${accepted}, but it is ${describeValue(value)}${lacks}`);
}

/** The first member that an object of the kind would have. */
export function missingMember(value: unknown, members: ObjectKind['members']): string | undefined {
  const names = Object.keys(members);
  if (typeof value !== 'object' || value === null) return names[0] ?? '';
  return names.find((name) => !isOfKind((value as Record<string, unknown>)[name], members[name]!));
}

const isOfKind = (value: unknown, kind: MemberKind): boolean =>
  kind === 'array' ? Array.isArray(value) : typeof value === kind && value !== null;

/** @throws UsageError unless it is a function, or not given */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function')
    throw new UsageError(`${name} must be a function, but it is ${describeValue(value)}`);
}

/** @throws UsageError unless it is a text with something in it */
export function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '')
    throw new UsageError(
      `${name} must be a text that is not empty, but it is ${describeValue(value)}`,
    );
}

/** @throws UsageError unless it is true, false or not given */
export function checkFlag(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw new UsageError(`${name} must be true or false, but it is ${describeValue(value)}`);
}

/** @throws UsageError unless it is one of those that there are */
export function checkOneOf(name: string, value: unknown, known: readonly string[]): void {
  if (known.includes(value as string)) return;
  const near = typeof value === 'string' ? nearName(value, known) : '';
  throw new UsageError(
    `${name} must be one of ${known.join(', ')}, but it is ${describeValue(value)}${near}`,
  );
}

/** @throws UsageError unless it is 1, 2, 3, … */
export function checkCount(name: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1)
    throw new UsageError(
      `${name} must be an integer of at least 1, but it is ${describeValue(value)}`,
    );
}

/** The most rows, features or draws that an i32 counts. */
const MOST = 2 ** 31 - 1;

/** @throws UsageError unless it is 1, 2, 3, … up to what an i32 holds */
export function checkIndexCount(name: string, value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > MOST)
    throw new UsageError(
      `${name} must be an integer from 1 to ${MOST}, but it is ${describeValue(value)}`,
    );
}

/** @throws UsageError unless it is 0, 1, 2, … up to what an i32 holds */
export function checkSize(name: string, value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > MOST)
    throw new UsageError(
      `${name} must be an integer from 0 to ${MOST}, but it is ${describeValue(value)}`,
    );
}

/** @throws UsageError unless it is an unsigned 32-bit integer */
export function checkWord(name: string, value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 0xffffffff)
    throw new UsageError(
      `${name} must be an integer from 0 to 4294967295, but it is ${describeValue(value)}`,
    );
}

/** @throws UsageError unless it is a number above 0 that is not infinite */
export function checkPositive(name: string, value: unknown): void {
  if (!(typeof value === 'number' && value > 0 && Number.isFinite(value)))
    throw new UsageError(`${name} must be a number above 0, but it is ${describeValue(value)}`);
}

/** @throws UsageError unless it is a number ≥ 0 that is not infinite */
export function checkAmount(name: string, value: unknown): void {
  if (!(typeof value === 'number' && value >= 0 && Number.isFinite(value)))
    throw new UsageError(`${name} must be a finite number ≥ 0, but it is ${describeValue(value)}`);
}

/** None is room as well: then all has to wait elsewhere. @throws UsageError for no number of bytes */
export function checkRoom(name: string, bytes: unknown): void {
  if (!(typeof bytes === 'number' && bytes >= 0))
    throw new UsageError(`${name} must be a number ≥ 0, but it is ${describeValue(bytes)}`);
}

/** @throws UsageError unless it is a number that is neither NaN nor infinite */
export function checkFinite(name: string, value: unknown): void {
  if (!Number.isFinite(value))
    throw new UsageError(`${name} must be a finite number, but it is ${describeValue(value)}`);
}

/** @throws UsageError unless it is a number from 0 to 1 */
export function checkShare(name: string, value: unknown): void {
  if (!(typeof value === 'number' && value >= 0 && value <= 1))
    throw new UsageError(`${name} must be a number from 0 to 1, but it is ${describeValue(value)}`);
}

/** A check for what need not be given. */
export const optional =
  (check: Check): Check =>
  (name, value) => {
    if (value !== undefined) check(name, value);
  };

/** A check for a flag that has to be given. */
export const checkGivenFlag: Check = (name, value) => checkFlag(name, value ?? null);

/** A check for one of some words. */
export const oneOf =
  (known: readonly string[]): Check =>
  (name, value) =>
    checkOneOf(name, value, known);
