import {
  checkCount,
  checkMembers,
  describeValue,
  nearName,
  type ObjectKind,
  UsageError,
} from '@sketchgrad/core';
import type { TextRow } from './encode.js';

const TOKENIZER: ObjectKind = {
  accepted: 'a tokenizer, such as await loadTokenizer(path) gives',
  members: { encode: 'function', padId: 'number' },
};

/** @throws UsageError for what is no tokenizer */
export const checkTokenizer = (value: unknown): void => checkMembers('tokenizer', value, TOKENIZER);

/** @throws UsageError unless it is a whole number above 0 */
export const checkMaxLength = (value: unknown): void => checkCount('maxLength', value);

/**
 * @throws UsageError, with the row counted from 0, for what are no rows of text
 */
export function checkRows(rows: readonly TextRow[]): void {
  if (!Array.isArray(rows as unknown))
    throw new UsageError(
      `rows must be an array of { first, second, label }, but it is ${describeValue(rows)}`,
    );
  const meanings = new Map<string, Optional | undefined>();
  // Not forEach, which would pass a hole over.
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] as unknown;
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw new UsageError(
        `row ${place} must be an object, { first: 'a text' }, but it is ${describeValue(row)}`,
      );
    const { first, second } = row as Partial<TextRow>;
    if (typeof first !== 'string')
      throw new UsageError(
        `row ${place} must have a text as 'first', but it is ${describeValue(first)}${first === undefined ? `: the row is ${describeValue(row)}` : ''}`,
      );
    if (second !== undefined && second !== null && typeof second !== 'string')
      throw new UsageError(
        `row ${place} must have a text, null or nothing as 'second', but it is ${describeValue(second)}`,
      );
    for (const field of Object.keys(row)) {
      if (!meanings.has(field)) meanings.set(field, meantBy(field));
      const meant = meanings.get(field);
      if (meant !== undefined && isMissed(row as Record<string, unknown>, meant, field))
        throw new UsageError(
          `row ${place} has '${field}' (did you mean '${meant}'?): nothing would look at it; rename it, or leave it out`,
        );
    }
  }
}

/** What a row need not have. */
type Optional = 'second' | 'label';
const OPTIONAL: readonly Optional[] = ['second', 'label'];

/** One letter wrong, or two in each other's place: rows may have columns of other names. */
const SLIP = 1;

/** The field that another name is a slip for. */
const meantBy = (field: string): Optional | undefined =>
  OPTIONAL.find((name) => name !== field && nearName(field, [name], SLIP) !== '');

/** Whether the row lacks what the field was meant for; no number is meant for a text. */
const isMissed = (
  row: Readonly<Record<string, unknown>>,
  meant: Optional,
  field: string,
): boolean => row[meant] === undefined && (meant === 'label' || typeof row[field] === 'string');
