import { DataError } from '@sketchgrad/core';
import type { Synset } from './synsets.js';

/**
 * The synsets that a synset's pointers lead to, by their keys: hypernyms and hyponyms, parts and
 * wholes, antonyms, derivations, domains and all the others. A pointer between words counts as one
 * between their synsets.
 *
 * A synset's line goes (wndb(5WN)): offset, class, type, number of words in hexadecimal, the words with
 * an identifier each, number of pointers, and for each its symbol, offset, part of speech and words.
 *
 * @param file named in errors
 * @throws DataError, with the line, where the line is not so
 */
export function relatedKeys({ head, line }: Synset, file: string): string[] {
  const fields = head.split(' ');
  const pointerCount = 4 + 2 * Number.parseInt(fields[3] ?? '', 16);
  const count = Number(fields[pointerCount]);
  const keys: string[] = [];
  for (let pointer = 0; pointer < count; pointer++) {
    const [symbol, offset, part] = fields.slice(pointerCount + 1 + 4 * pointer);
    if (symbol === undefined || !/^\d{8}$/.test(offset ?? '') || !/^[nvasr]$/.test(part ?? '')) {
      throw new DataError(file, `pointer ${pointer + 1} of ${count} is not one`, line);
    }
    // A satellite adjective stands in the file of the adjectives.
    keys.push(`${part === 's' ? 'a' : part}${offset}`);
  }
  if (Number.isInteger(count)) return keys;
  throw new DataError(file, `'${head.slice(0, 40)}': expected a number of pointers`, line);
}
