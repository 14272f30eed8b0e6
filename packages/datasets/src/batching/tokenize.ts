import { checkFlag, checkOptions, checkText, describeValue, UsageError } from '@sketchgrad/core';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { checkRows } from './check-rows.js';
import { encodeExamples, type TextRow } from './encode.js';
import { type BatchSource, type BatchSourceOptions, batchSource } from './source.js';

/** How rows become data to train on. */
export interface TokenizeOptions extends BatchSourceOptions {
  /** The most tokens in a sequence, special tokens included. */
  readonly maxLength: number;
  /** True where labels are real numbers, false where they are classes. Default false. */
  readonly regression?: boolean;
  /**
   * Names of the classes in the model's order, `model.labels`: rows may then say `label: 'praise'`,
   * and a class that is none of them is refused. Whole numbers from 0 unless given.
   */
  readonly labels?: readonly string[];
}

/**
 * Tokenises rows into what `@sketchgrad/train` takes as its data: `encodeExamples` and `batchSource`
 * in one.
 *
 * @throws UsageError where `maxLength` leaves no room for the special tokens, `padTo` is not a positive
 *   integer or too small, a label is no class (or, for a regression, no finite number), by row,
 *   and where only some of the rows have labels
 */
export function tokenize(
  rows: readonly TextRow[],
  tokenizer: Tokenizer,
  options: TokenizeOptions,
): BatchSource {
  checkOptions('tokenize', options, {
    ...{ maxLength: true, regression: true, labels: true, padTo: true },
  });
  const { maxLength, regression = false, labels = [], ...rest } = options;
  checkFlag('regression', regression);
  if (!Array.isArray(labels as unknown))
    throw new UsageError(`labels must be an array of names, but it is ${describeValue(labels)}`);
  for (const [place, name] of labels.entries()) checkText(`labels[${place}]`, name);
  const twice = labels.find((name, place) => labels.indexOf(name) !== place);
  if (twice !== undefined) throw new UsageError(`labels has '${twice}' twice`);
  checkRows(rows);
  const task = { name: 'text', labels, regression, metrics: [] };
  return batchSource(encodeExamples({ task, rows }, tokenizer, { maxLength }), rest);
}
