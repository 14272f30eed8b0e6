import {
  type CsrGraph,
  checkOptions,
  DataError,
  describeValue,
  UsageError,
} from '@sketchgrad/core';
import type { NodeSplit, SingleLabelDataset } from '../graphs/dataset.js';
import { undirectedGraph } from '../graphs/undirected.js';
import { lexicographerClasses } from './classes.js';
import { glossFeatures } from './gloss-features.js';
import { placeAfter, placeOf } from './place.js';
import { relatedKeys } from './relations.js';
import { parseSynsetFiles, type SynsetFile, type WordNetFiles } from './synset-files.js';
import type { Synset } from './synsets.js';

/** How WordNet's graph is made. */
export interface WordNetFeatures {
  /** Columns that the words of the glosses are hashed into; 256 unless given. */
  readonly features?: number;
}

/** The classes of {@link parseWordNetGraph}, by number: WordNet's 26 of nouns and 15 of verbs. */
export const wordNetNodeClasses: readonly string[] = lexicographerClasses.filter((name) =>
  /^(noun|verb)\./.test(name),
);

/** The parts of speech that nodes are of. */
export const nodeParts = ['noun', 'verb'] as const;

// A fifth is to be judged by, a fifth to be chosen by, the rest to learn from.
const firstValidPlace = placeAfter(1 / 5);
const firstTrainPlace = placeAfter(2 / 5);

/**
 * WordNet as a graph: which lexicographer class (noun.animal, verb.motion, …) is a synset of?
 *
 * Nodes are the synsets of nouns and verbs in the order of WordNet's files. Adjectives and adverbs are
 * left out, since nearly all of them are in one class. An edge is any relation of WordNet's between two
 * nodes (hypernyms, parts, derivations, …). Features are the words of the definition, hashed: see
 * {@link glossFeatures}; the class, the defined words and the kinds of relations are not among them.
 * The split depends on the hash of each synset's part of speech and offset alone.
 *
 * @param files data.noun and data.verb of WordNet's `dict` folder, their text or bytes
 * @throws UsageError on a number of features that is not a positive integer, and on a file that is not
 *   given; DataError, with file and line, on malformed files and on a relation to a synset that is not there
 */
export function parseWordNetGraph(
  files: WordNetFiles,
  options: WordNetFeatures = {},
): SingleLabelDataset {
  checkOptions('parseWordNetGraph', options, { features: true });
  checkFeatures(options);
  return wordNetGraph(parseSynsetFiles('parseWordNetGraph', nodeParts, files), options);
}

/** @throws UsageError on a number of features that is not a positive integer */
export function checkFeatures({ features = 256 }: WordNetFeatures): void {
  if (Number.isInteger(features) && features > 0) return;
  throw new UsageError(`features is ${describeValue(features)}: expected a positive integer`);
}

/** The graph of files of synsets, as {@link parseWordNetGraph} tells. */
export function wordNetGraph(
  files: readonly SynsetFile[],
  { features = 256 }: WordNetFeatures,
): SingleLabelDataset {
  const synsets = files.flatMap((file) => file.synsets);
  const texts = synsets.map(({ definition }) => definition);
  return {
    name: 'wordnet',
    graph: relationGraph(files, synsets),
    features: glossFeatures(texts, features),
    labels: Int32Array.from(synsets, ({ lexicographerFile }) =>
      wordNetNodeClasses.indexOf(lexicographerClasses[lexicographerFile]!),
    ),
    classes: wordNetNodeClasses.length,
    multiLabel: false,
    metric: 'accuracy',
    split: splitByPlace(synsets),
  };
}

function relationGraph(files: readonly SynsetFile[], synsets: readonly Synset[]): CsrGraph {
  const nodes = new Map(synsets.map(({ key }, node) => [key, node]));
  const ends: number[] = [];
  for (const { file, synsets: own } of files) {
    for (const synset of own) {
      const node = nodes.get(synset.key)!;
      for (const key of relatedKeys(synset, file)) {
        const other = nodes.get(key);
        if (other !== undefined) {
          ends.push(node, other);
        } else if (/^[nv]/.test(key)) {
          throw new DataError(file, `a relation leads to ${key}, which is not there`, synset.line);
        }
      }
    }
  }
  return undirectedGraph(synsets.length, Int32Array.from(ends));
}

function splitByPlace(synsets: readonly Synset[]): NodeSplit {
  const places = synsets.map(({ key }) => placeOf(key));
  const nodesIn = (isIn: (place: number) => boolean) =>
    Int32Array.from(places.flatMap((place, node) => (isIn(place) ? [node] : [])));
  return {
    train: nodesIn((place) => place >= firstTrainPlace),
    valid: nodesIn((place) => place >= firstValidPlace && place < firstTrainPlace),
    test: nodesIn((place) => place < firstValidPlace),
  };
}
