import { UsageError } from '@sketchgrad/core';
import { type Content, checkContents, contentText } from '../contents.js';
import { parseSynsets, type Synset } from './synsets.js';

/** WordNet's parts of speech: the letter in its pointers, and the file of its synsets. */
export const partsOfSpeech = {
  noun: ['n', 'data.noun'],
  verb: ['v', 'data.verb'],
  adjective: ['a', 'data.adj'],
  adverb: ['r', 'data.adv'],
} as const;

/** What WordNet has synsets of. */
export type PartOfSpeech = keyof typeof partsOfSpeech;

/** Files of WordNet's `dict` folder by their names: the text of each, or its bytes. */
export type WordNetFiles = Readonly<
  Partial<Record<(typeof partsOfSpeech)[PartOfSpeech][1], Content>>
>;

/** A file of synsets. */
export interface SynsetFile {
  readonly file: string;
  readonly synsets: readonly Synset[];
}

/** @throws DataError, with the line, where the text is no file of synsets */
export function parseSynsetFile(part: PartOfSpeech, text: string, file: string): SynsetFile {
  return { file, synsets: parseSynsets(text, partsOfSpeech[part][0], file) };
}

/**
 * The synsets of parts of speech.
 *
 * @param of the function that was called
 * @throws UsageError where a file is not given, or has no such name; DataError, with file and line,
 *   where one is malformed
 */
export function parseSynsetFiles(
  of: string,
  parts: readonly PartOfSpeech[],
  files: WordNetFiles,
): SynsetFile[] {
  checkContents(
    of,
    files,
    Object.values(partsOfSpeech).map(([, name]) => name),
  );
  return parts.map((part) => {
    const [, file] = partsOfSpeech[part];
    const content = files[file];
    if (content !== undefined) return parseSynsetFile(part, contentText(content, file), file);
    const wanted = parts.map((each) => partsOfSpeech[each][1]).join(', ');
    throw new UsageError(`the content of ${file} is missing: expected that of ${wanted}`);
  });
}
