import { DataError } from '@sketchgrad/core';
import { cut, shown } from './shown.js';

/** A token that is looked for in the text as a whole, before anything is split. */
export interface AddedToken {
  readonly content: string;
  /** Left out where a text's special tokens are to be read as plain text. */
  readonly special: boolean;
  /** The white space before it belongs to it. */
  readonly lstrip: boolean;
  /** The white space behind it belongs to it. */
  readonly rstrip: boolean;
  /** It is looked for in the normalised text, by its own normalised form. */
  readonly normalized: boolean;
  /** It is found only where no letter, mark, digit or underscore touches it. */
  readonly single_word: boolean;
}

const flags = ['lstrip', 'rstrip', 'normalized', 'single_word', 'special'] as const;

/** A token with no flags but `special`; like transformers', it is normalised unless it is special. */
export const plainToken = (content: string, special: boolean): AddedToken => ({
  content,
  special,
  lstrip: false,
  rstrip: false,
  normalized: !special,
  single_word: false,
});

/**
 * A token as a JSON file gives it: its content, or an object with its content and flags.
 *
 * @param name what to call it in errors
 * @throws DataError where it is neither, or a flag is not true or false
 */
export function readAddedToken(value: unknown, name: string, file: string): AddedToken {
  if (typeof value === 'string') return plainToken(wellFormed(value, name, file), true);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DataError(
      file,
      `${name} is ${shown(value)}: expected a token or an object with its content`,
    );
  }
  const fields = value as Readonly<Record<string, unknown>>;
  if (typeof fields.content !== 'string') {
    throw new DataError(file, `${name} has content ${shown(fields.content)}: expected a string`);
  }
  const wrong = flags.find((flag) => !['boolean', 'undefined'].includes(typeof fields[flag]));
  if (wrong !== undefined) {
    throw new DataError(
      file,
      `${name} has ${wrong} ${shown(fields[wrong])}: expected true or false`,
    );
  }
  const plain = plainToken(wellFormed(fields.content, name, file), fields.special === true);
  const given = flags.filter((flag) => fields[flag] !== undefined);
  return { ...plain, ...Object.fromEntries(given.map((flag) => [flag, fields[flag]])) };
}

/**
 * A token's index.
 *
 * @throws DataError where it is not a whole number from 0 to 2³¹ − 1
 */
export function readIndex(value: unknown, name: string, file: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31) {
    return value;
  }
  throw new DataError(
    file,
    `${name} has index ${typeof value === 'string' ? cut(value) : shown(value)}: expected an integer from 0 to ${2 ** 31 - 1}`,
  );
}

// Half of a surrogate pair is no character, so that no text has it.
function wellFormed(content: string, name: string, file: string): string {
  if (!/\p{Surrogate}/u.test(content)) return content;
  throw new DataError(file, `${name} is ${shown(content)}, which is not Unicode text`);
}

/** Whether two tokens have the same content and flags. */
export const sameToken = (left: AddedToken, right: AddedToken): boolean =>
  left.content === right.content && flags.every((flag) => left[flag] === right[flag]);
