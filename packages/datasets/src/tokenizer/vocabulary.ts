import { DataError } from '@sketchgrad/core';
import { textLines } from '../text.js';
import { readIndex } from './added-token.js';
import type { JsonFile, Part, Vocabulary } from './definition.js';
import { withoutSpaceBehind } from './normalizers.js';
import { cut, shown } from './shown.js';
import type { TextFile } from './tokenizer-files.js';

/** Two tokens that are put together wherever they meet. */
export type Merge = readonly [string, string];

/** vocab.txt: a word piece a line; white space at a line's end is not part of it. */
export function vocabularyOfLines({ text }: TextFile): Vocabulary {
  const pieces = textLines(text).map(withoutSpaceBehind);
  return new Map(pieces.map((piece, index) => [piece, index]));
}

/**
 * Tokens by their indices, as vocab.json and a tokenizer.json's `model.vocab` list them; some
 * files list pairs, of which the first is the token.
 *
 * @throws DataError where it is no such list
 */
export function vocabularyOfJson(list: unknown, file: string): Vocabulary {
  if (Array.isArray(list)) {
    return new Map(
      list.map((entry: unknown, index) => {
        const token = Array.isArray(entry) ? entry[0] : entry;
        if (typeof token === 'string') return [token, index];
        throw new DataError(file, `vocabulary entry ${index} is ${shown(entry)}: expected a token`);
      }),
    );
  }
  if (typeof list !== 'object' || list === null) {
    throw new DataError(file, 'has no vocabulary: expected an object of indices by token');
  }
  const vocabulary = new Map<string, number>();
  for (const [token, value] of Object.entries(list)) {
    vocabulary.set(token, readIndex(value, `token '${cut(token)}'`, file));
  }
  return vocabulary;
}

/**
 * A Unigram model's `vocab` in a tokenizer.json: pairs of a token and its score.
 *
 * @throws DataError for what is no such list, naming the first entry that is none
 */
export function vocabularyOfPieces(list: unknown, file: string): Vocabulary {
  if (!Array.isArray(list) || list.length === 0)
    throw new DataError(file, `vocab is ${shown(list)}: expected pairs of a token and its score`);
  const wrong = list.findIndex(
    (entry: unknown) =>
      !Array.isArray(entry) || typeof entry[0] !== 'string' || !Number.isFinite(entry[1]),
  );
  if (wrong < 0) return new Map(list.map(([token]: [string, number], index) => [token, index]));
  throw new DataError(
    file,
    `vocabulary entry ${wrong} is ${shown(list[wrong])}: expected a token and its score`,
  );
}

/**
 * merges.txt: a pair a line.
 *
 * @throws DataError naming the line that is not a pair
 */
export function mergesOfLines({ file, text }: TextFile): Merge[] {
  const merges: Merge[] = [];
  textLines(text).forEach((line, index) => {
    if (line === '' || line.startsWith('#version')) return;
    merges.push(pairOf(line, file, index + 1));
  });
  return merges;
}

/**
 * A tokenizer.json's `model.merges`, each a pair or, in older files, a text with a space between.
 *
 * @throws DataError for what is neither
 */
export function mergesOfJson(list: unknown, file: string): Merge[] {
  if (!Array.isArray(list)) {
    throw new DataError(file, `merges is ${shown(list)}: expected a list of pairs`);
  }
  return list.map((entry: unknown) => {
    if (typeof entry === 'string') return pairOf(entry, file);
    if (Array.isArray(entry) && entry.length === 2 && entry.every((e) => typeof e === 'string')) {
      return entry as unknown as Merge;
    }
    throw new DataError(file, `merge ${shown(entry)}: expected two tokens`);
  });
}

function pairOf(text: string, file: string, line?: number): Merge {
  const [left, right, ...rest] = text.split(' ');
  if (left && right && rest.length === 0) return [left, right];
  throw new DataError(file, `'${cut(text)}': expected two parts with one space between them`, line);
}

/** @throws DataError where a merge's parts or their sum are not in the vocabulary */
export function checkMerges(merges: readonly Merge[], vocabulary: Vocabulary, file: string): void {
  for (const [left, right] of merges) {
    const unknown = [left, right, left + right].find((token) => !vocabulary.has(token));
    if (unknown !== undefined) {
      throw new DataError(
        file,
        `merge '${cut(left)} ${cut(right)}': '${cut(unknown)}' is not among the ${vocabulary.size} tokens`,
      );
    }
  }
}

/** A tokenizer.json's `model`. */
export function modelOf({ file, content }: JsonFile): Part {
  const { model } = content;
  if (typeof model === 'object' && model !== null && !Array.isArray(model)) return model as Part;
  throw new DataError(file, "has no 'model': expected a tokenizer.json of the tokenizers library");
}
