import { UsageError } from '@sketchgrad/core';
import type { Examples, Task } from '../task.js';
import type { Encoding, Tokenizer } from '../tokenizer/tokenizer.js';

/** How a data set is tokenised. */
export interface EncodeOptions {
  /** The most tokens in a sequence, special tokens included. */
  readonly maxLength: number;
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
 * @throws UsageError where `maxLength` leaves no room for the special tokens, or where only some of
 *   the rows have labels
 */
export function encodeExamples(
  examples: Pick<Examples, 'task' | 'rows'>,
  tokenizer: Tokenizer,
  { maxLength }: EncodeOptions,
): EncodedExamples {
  const encodings = examples.rows.map(({ first, second }) =>
    tokenizer.encode(first, second, maxLength),
  );
  return {
    task: examples.task,
    encodings,
    labels: labelsOf(examples),
    padId: tokenizer.padId,
    maxLength,
    truncated: encodings.filter(({ truncated }) => truncated).length,
  };
}

function labelsOf({
  task,
  rows,
}: Pick<Examples, 'task' | 'rows'>): Int32Array | Float32Array | null {
  const labels = rows.map(({ label }) => label).filter((label) => label !== null);
  if (labels.length === 0) return null;
  if (labels.length < rows.length) {
    throw new UsageError(
      `${rows.length - labels.length} of ${rows.length} ${task.name} rows have no label: expected all or none`,
    );
  }
  return task.regression ? Float32Array.from(labels) : Int32Array.from(labels);
}
