import type { Example } from '../task.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { encodeExamples } from './encode.js';
import { type BatchSource, type BatchSourceOptions, batchSource } from './source.js';

/** How rows become data to train on. */
export interface TokenizeOptions extends BatchSourceOptions {
  /** The most tokens in a sequence, special tokens included. */
  readonly maxLength: number;
  /** True where labels are real numbers, false where they are classes. Default false. */
  readonly regression?: boolean;
}

/** Rows of one's own; a label may be left out where none is known. */
export type TextRow = Pick<Example, 'first' | 'second'> & Partial<Pick<Example, 'label'>>;

/**
 * Tokenises rows into what `@sketchgrad/train` takes as its data: `encodeExamples` and `batchSource`
 * in one.
 *
 * @throws UsageError where `maxLength` leaves no room for the special tokens, a bucket is not a
 *   positive integer or too small, and where only some of the rows have labels
 */
export function tokenize(
  rows: readonly TextRow[],
  tokenizer: Tokenizer,
  { maxLength, regression = false, ...options }: TokenizeOptions,
): BatchSource {
  const examples = {
    task: { name: 'text', labels: [], regression, metrics: [] },
    rows: rows.map((row) => ({ ...row, label: row.label ?? null })),
  };
  return batchSource(encodeExamples(examples, tokenizer, { maxLength }), options);
}
