import { checkOptions, describeValue, UsageError } from '@sketchgrad/core';
import type { Examples, Task } from '../task.js';
import { lexicographerClasses } from './classes.js';
import { placeAfter, placeOf } from './place.js';
import { parseSynsetFiles, type SynsetFile, type WordNetFiles } from './synset-files.js';
import type { Synset } from './synsets.js';

/** A tenth of the synsets is for evaluation, the rest to learn from. */
export type WordNetSplit = 'train' | 'dev';

/** Which of WordNet's glosses are examples. */
export interface WordNetGlosses {
  readonly split: WordNetSplit;
  /** At most this many, the first in the fixed order; all unless given. */
  readonly maxExamples?: number;
}

/** A split of the glosses. */
export interface WordNetExamples extends Examples {
  readonly split: WordNetSplit;
}

/**
 * Which of WordNet's 45 lexicographer classes (noun.animal, verb.motion, …) does a definition belong
 * to? A label is the class's number in WordNet.
 */
export const wordNetTask: Task = {
  name: 'wordnet',
  labels: lexicographerClasses,
  regression: false,
  metrics: ['accuracy'],
};

/** The parts of speech that glosses are of. */
export const glossParts = ['noun', 'verb', 'adjective', 'adverb'] as const;

/**
 * WordNet's glosses as a classification data set. The text is the definition alone: neither the
 * synset's words nor the examples of use, which contain them, are part of it.
 *
 * The order is that of a hash of each synset's part of speech and offset, so that it looks shuffled
 * and is the same on every machine and whatever order the files are in. A synset whose definition
 * came before in that order is left out (872 of 117 791), so that no dev text is also a train text.
 * Then those whose hash is in the lowest tenth are `dev` and the others `train`, and `maxExamples`
 * takes the first of them.
 *
 * @param files data.noun, data.verb, data.adj and data.adv of WordNet's `dict` folder, their text or bytes
 * @throws UsageError on an unknown split, a `maxExamples` that is not a positive integer, and a file that
 *   is not given; DataError, with file and line, on malformed files
 */
export function parseWordNet(files: WordNetFiles, options: WordNetGlosses): WordNetExamples {
  checkOptions('parseWordNet', options, { split: true, maxExamples: true });
  checkGlosses(options);
  return glossExamples(parseSynsetFiles('parseWordNet', glossParts, files), options);
}

/** @throws UsageError on an unknown split or a `maxExamples` that is not a positive integer */
export function checkGlosses({ split, maxExamples }: WordNetGlosses): void {
  if (split !== 'train' && split !== 'dev') {
    throw new UsageError(
      `the task wordnet has no split ${describeValue(split)}: expected one of train, dev`,
    );
  }
  if (
    maxExamples !== undefined &&
    maxExamples !== Number.POSITIVE_INFINITY &&
    !(Number.isInteger(maxExamples) && maxExamples > 0)
  ) {
    throw new UsageError(
      `maxExamples is ${describeValue(maxExamples)}: expected a positive integer`,
    );
  }
}

/** The examples of files of synsets, as {@link parseWordNet} tells. */
export function glossExamples(
  files: readonly SynsetFile[],
  { split, maxExamples = Number.POSITIVE_INFINITY }: WordNetGlosses,
): WordNetExamples {
  const synsets = files.flatMap((file) => file.synsets);
  const rows = inFixedOrder(synsets, split)
    .slice(0, maxExamples)
    .map(({ synset }) => ({ first: synset.definition, label: synset.lexicographerFile }));
  return { task: wordNetTask, split, files: files.map(({ file }) => file), rows, notes: [] };
}

// A tenth of all come first.
const firstTrainPlace = placeAfter(1 / 10);

interface PlacedSynset {
  readonly place: number;
  readonly synset: Synset;
}

function inFixedOrder(synsets: readonly Synset[], split: WordNetSplit): PlacedSynset[] {
  const firstOfDefinition = new Map<string, PlacedSynset>();
  for (const synset of synsets) {
    const placed = { place: placeOf(synset.key), synset };
    const other = firstOfDefinition.get(synset.definition);
    if (other === undefined || byPlace(placed, other) < 0) {
      firstOfDefinition.set(synset.definition, placed);
    }
  }
  return [...firstOfDefinition.values()]
    .filter(({ place }) => place < firstTrainPlace === (split === 'dev'))
    .sort(byPlace);
}

function byPlace(a: PlacedSynset, b: PlacedSynset): number {
  return a.place - b.place || (a.synset.key < b.synset.key ? -1 : 1);
}
