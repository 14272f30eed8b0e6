import { DataError } from '@sketchgrad/core';
import { excerpt } from '../json/show-value.js';
import type { EncoderConfig, ProblemType } from '../layers/encoder-config.js';
import type { Fields } from './fields.js';
import { firstRepeated } from './repeated.js';

/** What the head should be, in place of what a checkpoint's config.json says of its own head. */
export interface HeadOptions {
  /** Names of the classes in the order of the logits; one name for regression. */
  readonly labels?: readonly string[];
  /** Default: regression for one label, else classification. */
  readonly problemType?: ProblemType;
}

/** The most classes that a head may have. */
export const MOST_LABELS = 1_000_000;

/** The names that transformers gives to classes of which only the number is known. */
export const numberedLabels = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, id) => `LABEL_${id}`);

/** The head of a config.json, or the one in its place. @throws DataError for one that cannot be */
export function parseHead(
  fields: Fields,
  head: HeadOptions,
): Pick<EncoderConfig, 'labels' | 'problemType'> {
  const labels = head.labels ?? parseLabels(fields);
  const repeated = firstRepeated(labels);
  if (repeated !== undefined) {
    throw new DataError(
      fields.file,
      `two labels are called '${excerpt(repeated)}'; names must differ`,
    );
  }
  const isReplaced = head.labels !== undefined || head.problemType !== undefined;
  const stored = isReplaced ? head.problemType : parseProblemType(fields);
  const problemType = stored ?? (labels.length === 1 ? 'regression' : 'classification');
  if (labels.length === 0 || (problemType === 'regression') !== (labels.length === 1)) {
    throw new DataError(
      fields.file,
      `${problemType} with ${labels.length} labels${labels.length > 0 ? ` (${listLabels(labels)})` : ''}; ` +
        'accepted: regression with one label, classification with two or more',
    );
  }
  return { labels, problemType };
}

function parseProblemType(fields: Fields): ProblemType | undefined {
  if (fields.get('problem_type') === undefined) return undefined;
  const stored = fields.oneOf('problem_type', ['single_label_classification', 'regression']);
  return stored === 'regression' ? 'regression' : 'classification';
}

/**
 * The classes' names: `id2label` is an object from "0", "1", … to names. Without it those of
 * `label2id` are taken, where they have the ids 0, 1, … and `num_labels` does not count others
 * (transformers knows of numbers alone then); and without that transformers counts two labels.
 *
 * @throws DataError for another `id2label` or a `num_labels` that is no count
 */
export function parseLabels(fields: Fields): readonly string[] {
  const names = fields.get('id2label');
  if (names === undefined) {
    const named = namesById(fields.get('label2id'));
    const fallback = named?.length ?? 2;
    const count = fields.whole('num_labels', { least: 1, most: MOST_LABELS, fallback });
    return named?.length === count ? named : numberedLabels(count);
  }
  const accepted = 'an object of names for the ids "0", "1", … without gaps';
  if (typeof names !== 'object' || Array.isArray(names)) throw fields.wrong('id2label', accepted);
  const byId = new Map<string, unknown>(Object.entries(names as object));
  if (byId.size > MOST_LABELS) throw fields.wrong('id2label', `at most ${MOST_LABELS} names`);
  return Array.from({ length: byId.size }, (_, id) => {
    const name = byId.get(String(id));
    if (typeof name !== 'string') throw fields.wrong('id2label', accepted);
    return name;
  });
}

/** Whether anything is said of classes: `parseLabels` knows two of what says nothing. */
export const namesClasses = (fields: Fields): boolean =>
  ['id2label', 'label2id', 'num_labels'].some((name) => fields.get(name) !== undefined);

/** Names in the order of their ids; undefined unless these are 0, 1, … without gaps. */
function namesById(ids: unknown): readonly string[] | undefined {
  if (typeof ids !== 'object' || ids === null || Array.isArray(ids)) return undefined;
  const entries = Object.entries(ids);
  if (entries.length === 0 || entries.length > MOST_LABELS) return undefined;
  const byId = new Map(entries.map(([name, id]) => [id as unknown, name]));
  const names = entries.map((_, id) => byId.get(id));
  return names.some((name) => name === undefined) ? undefined : (names as string[]);
}

/** The `num_labels` that an `id2label` has not; transformers then counts, and forgets the names. */
export function contradictingCount(fields: Fields, labels: readonly string[]): number | undefined {
  const count = fields.get('num_labels');
  return typeof count === 'number' && count !== labels.length ? count : undefined;
}

/**
 * Whether `label2id` gives a class of `id2label` another id. transformers answers by `id2label`; some
 * programs look classes up in the other.
 */
export function contradictsIds(fields: Fields, labels: readonly string[]): boolean {
  const ids = fields.get('label2id');
  if (typeof ids !== 'object' || ids === null) return false;
  return labels.some(
    (label, id) =>
      Object.hasOwn(ids, label) && Number((ids as Record<string, unknown>)[label]) !== id,
  );
}

const MOST_LISTED = 10;

/** Names for a message: all where they are few, in quotes where one could be taken for several. */
export function listLabels(labels: readonly string[]): string {
  const areQuoted = labels.some((label) => /[,\s'"()]|^$/.test(label));
  const shown = labels
    .slice(0, MOST_LISTED)
    .map((label) => (areQuoted ? JSON.stringify(excerpt(label)) : excerpt(label)));
  return `${shown.join(', ')}${labels.length > MOST_LISTED ? `, … ${labels.length} in all` : ''}`;
}
