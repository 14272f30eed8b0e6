import {
  checkCount,
  checkMembers,
  describeValue,
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
  }
}
