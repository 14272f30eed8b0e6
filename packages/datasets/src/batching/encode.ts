import { checkMembers, checkOptions } from '@sketchgrad/core';
import type { Example, Task } from '../task.js';
import type { Encoding, Tokenizer } from '../tokenizer/tokenizer.js';
import { checkMaxLength, checkRows, checkTokenizer } from './check-rows.js';
import { labelsOf, type RowLabel } from './labels.js';

/** How a data set is tokenised. */
export interface EncodeOptions {
  /** The most tokens in a sequence, special tokens included. */
  readonly maxLength: number;
}

/** Rows of one's own. */
export interface TextRow extends Pick<Example, 'first'> {
  /** The second text of a pair; null, as JSON has it, or left out where there is one text alone. */
  readonly second?: string | null | undefined;
  /**
   * The class by its index, or by its name where the task has names; the score of a regression; null
   * or left out where none is known.
   */
  readonly label?: RowLabel;
}

/** A split of a data set as token indices, ready for batching. */
export interface EncodedExamples {
  readonly task: Task;
  /** One encoding a row, in the rows' order, not padded. */
  readonly encodings: readonly Encoding[];
  /**
   * One label a row: Int32Array of class indices, Float32Array of scores for a regression; null
   * where the split has no labels.
   */
  readonly labels: Int32Array | Float32Array | null;
  /** Index of the token that fills short rows of a batch. */
  readonly padId: number;
  /** The most tokens in a sequence, as asked for. */
  readonly maxLength: number;
  /** How many rows were longer than that and were cut. */
  readonly truncated: number;
}

/**
 * Tokenises every row of a split.
 *
 * @throws UsageError where `maxLength` leaves no room for the special tokens, where a label is no
 *   class of the task (or, for a regression, no finite number), by row, and where only some of the rows
 *   have labels
 */
export function encodeExamples(
  examples: { readonly task: Task; readonly rows: readonly TextRow[] },
  tokenizer: Tokenizer,
  options: EncodeOptions,
): EncodedExamples {
  checkOptions('encodeExamples', options, { maxLength: true });
  const { maxLength } = options;
  checkMaxLength(maxLength);
  checkTokenizer(tokenizer);
  checkMembers('examples', examples, {
    accepted: 'examples, { task, rows }, such as await readGlue(name, split, folder) gives',
    members: { task: 'object', rows: 'array' },
  });
  checkRows(examples.rows);
  // First, since tokenising may take a while.
  const labels = labelsOf(
    examples.task,
    examples.rows.map(({ label }) => label),
  );
  const encodings = examples.rows.map(({ first, second }) =>
    tokenizer.encode(first, second ?? undefined, maxLength),
  );
  return {
    task: examples.task,
    encodings,
    labels,
    padId: tokenizer.padId,
    maxLength,
    truncated: encodings.filter(({ truncated }) => truncated).length,
  };
}
