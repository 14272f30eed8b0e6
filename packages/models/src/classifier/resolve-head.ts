import { DataError, UsageError } from '@sketchgrad/core';
import type { Fields } from '../checkpoint-config/fields.js';
import {
  contradictingCount,
  contradictsIds,
  listLabels,
  MOST_LABELS,
  namesClasses,
  numberedLabels,
  parseHead,
  parseLabels,
} from '../checkpoint-config/head.js';
import { firstRepeated } from '../checkpoint-config/repeated.js';
import { showValue } from '../json/show-value.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import { areNumbered, rowsByName } from './class-order.js';

/** Names of classes, how many there are, or 'regression'. */
export type AskedLabels = readonly string[] | number | 'regression';

/** A checkpoint's classifier that is to be used. */
export interface StoredHead {
  readonly file: string;
  /** Its rows: how many classes it was trained for. */
  readonly classes: number;
}

/** A head, and how a checkpoint's classifier becomes it. */
export interface ResolvedHead extends Pick<EncoderConfig, 'labels' | 'problemType'> {
  /** The checkpoint's row for each class; without them rows are in the classes' order. */
  readonly classRows?: readonly number[];
  /** What was taken for granted, as sentences. */
  readonly warnings: readonly string[];
}

/**
 * Makes the head that is asked for of a config.json's and a checkpoint's. Classes that both name are
 * one, whatever their order; names that differ are taken by position.
 *
 * @param stored the checkpoint's classifier; without one a head is drawn, and names are the asked ones
 * @throws UsageError for labels that are empty, repeated or no count; DataError for a classifier of
 * another number of classes, or of another problem
 */
export function resolveHead(
  fields: Fields,
  asked: AskedLabels | undefined,
  stored: StoredHead | undefined,
): ResolvedHead {
  if (asked === undefined) {
    const head = parseHead(fields, {});
    if (stored && stored.classes !== head.labels.length)
      throw new DataError(
        fields.file,
        `has ${head.labels.length} labels (${listLabels(head.labels)}), but the classifier in ` +
          `${stored.file} has ${stored.classes} rows; draw a new one with the option newHead`,
      );
    return { ...head, warnings: stored ? contradictions(fields, head.labels) : [] };
  }
  const names = checkedNames(asked);
  const problemType = names.length === 1 ? 'regression' : 'classification';
  if (!stored) return { labels: names, problemType, warnings: [] };
  const known = parseLabels(fields);
  const warnings = contradictions(fields, known);
  if (stored.classes !== names.length)
    throw new DataError(
      stored.file,
      `has a classifier for ${stored.classes} classes` +
        `${known.length === stored.classes ? ` (${listLabels(known)})` : ''}, and ` +
        `${asked === 'regression' ? 'regression is' : `${names.length} are`} asked for` +
        `${typeof asked === 'object' ? ` (${listLabels(names)})` : ''}; ${HOW_TO_DRAW}`,
    );
  expectProblem(fields, problemType);
  if (known.length !== names.length && namesClasses(fields)) {
    // As transformers, told a number of classes, takes it before the file's.
    const warning =
      `${fields.file}: its classes are ${listLabels(known)}, but the classifier in ${stored.file} ` +
      `has ${stored.classes} rows: they are taken for the ${names.length} classes that are asked for, ` +
      `in their order. Where they are others, ${HOW_TO_DRAW}`;
    return { labels: names, problemType, warnings: [...warnings, warning] };
  }
  const areKnown = known.length === names.length && firstRepeated(known) === undefined;
  // A number alone does not rename classes.
  if (typeof asked !== 'object') return { labels: areKnown ? known : names, problemType, warnings };
  const classRows = areKnown ? rowsByName(known, names) : undefined;
  if (classRows) return { labels: names, problemType, classRows, warnings };
  const tellNothing = isCount(known) || areNumbered(names);
  if (tellNothing) return { labels: names, problemType, warnings };
  const warning =
    `${fields.file}: its classes are ${listLabels(known)}, not ${listLabels(names)}; ` +
    `they are taken by position${misplaced(known, names)}. Where they are others, ${HOW_TO_DRAW}`;
  return { labels: names, problemType, warnings: [...warnings, warning] };
}

/**
 * A classifier's rows tell what they were trained to: with several labels an example each answers yes or
 * no by itself, and in a regression each is a value, which no choice of one class is made by.
 *
 * @throws DataError for a classifier of another problem
 */
function expectProblem(fields: Fields, asked: EncoderConfig['problemType']): void {
  const stored = fields.get('problem_type');
  const same = asked === 'regression' ? 'regression' : 'single_label_classification';
  if (stored === undefined || stored === same) return;
  throw new DataError(
    fields.file,
    `"problem_type" is ${showValue(stored)}, so that the classifier beside it is of no use for ` +
      `${asked === 'regression' ? 'regression' : 'classification, in which each example has one class of several'}; ` +
      HOW_TO_DRAW,
  );
}

/** What a config.json says of its classes in two ways, as sentences. */
function contradictions(fields: Fields, labels: readonly string[]): readonly string[] {
  const notes: string[] = [];
  const count = contradictingCount(fields, labels);
  if (count !== undefined)
    notes.push(
      `${fields.file}: "num_labels" is ${count}, but ${labels.length} classes are named ` +
        `(${listLabels(labels)}); the names are taken, where transformers takes the number`,
    );
  if (contradictsIds(fields, labels))
    notes.push(
      `${fields.file}: "label2id" gives classes other ids than "id2label" (${listLabels(labels)}), ` +
        'which is taken, as in transformers',
    );
  return notes;
}

/** `LABEL_0`, `LABEL_1`, … in this order: in another they mean something. */
const isCount = (names: readonly string[]): boolean =>
  names.every((name, id) => name === `LABEL_${id}`);

/** Names of both that are not at the same place: each gets the row of a class called otherwise. */
function misplaced(known: readonly string[], names: readonly string[]): string {
  const moved = names.flatMap((name, id) =>
    known.includes(name) && known[id] !== name ? [`'${name}' gets the row of '${known[id]}'`] : [],
  );
  return moved.length > 0 ? `, so that ${moved.join(', ')}` : '';
}

const HOW_TO_DRAW = 'draw a new classifier with the option newHead, on a command line --new-head';

function checkedNames(labels: AskedLabels): readonly string[] {
  if (labels === 'regression') return numberedLabels(1);
  if (typeof labels === 'number') {
    if (Number.isInteger(labels) && labels >= 1 && labels <= MOST_LABELS)
      return numberedLabels(labels);
    throw new UsageError(
      `the number of labels must be a whole number from 1 to ${MOST_LABELS}, not ${labels}`,
    );
  }
  if (!Array.isArray(labels) || labels.length === 0 || labels.length > MOST_LABELS)
    throw new UsageError(
      `labels are ${JSON.stringify(labels)}; accepted: names, how many there are, or 'regression'`,
    );
  const unnamed = labels.findIndex((label) => typeof label !== 'string');
  if (unnamed >= 0)
    throw new UsageError(`label ${unnamed} is ${String(labels[unnamed])}; accepted: a name`);
  const repeated = firstRepeated(labels);
  if (repeated !== undefined)
    throw new UsageError(`two labels are called '${repeated}'; names must differ`);
  return labels;
}
