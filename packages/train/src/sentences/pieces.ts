import { type SentenceBatch, UsageError } from '@sketchgrad/core';
import type { Piece } from './epoch-cut.js';
import type { TrainingData } from './model.js';

/** The examples of a piece; `order` is the data's own unless given. */
export const indicesOf = (order: Uint32Array | undefined, { start, end }: Piece): number[] =>
  Array.from({ length: end - start }, (_, i) => order?.[start + i] ?? start + i);

/** Tokens of each of the data's examples. */
export const lengthsOf = (data: TrainingData): Int32Array =>
  Int32Array.from({ length: data.length }, (_, index) => data.lengthOf(index));

/** Tokens of the longest of them. */
export const longestOf = (lengths: Int32Array): number =>
  lengths.reduce((most, length) => Math.max(most, length), 0);

/** Tokens of a piece's batch. */
export function tokensOf(
  lengths: Int32Array,
  order: Uint32Array | undefined,
  { start, end }: Piece,
): number {
  let tokens = 0;
  for (let at = start; at < end; at++) tokens += lengths[order?.[at] ?? at]!;
  return tokens;
}

/**
 * A batch with so many rows: zeros behind its last example.
 * @throws UsageError for a batch of more tokens than its data said
 */
export function withRows(
  batch: SentenceBatch,
  sizes: { readonly rows: number; readonly longest: number },
): SentenceBatch {
  const { rows, longest } = sizes;
  if (batch.rows > rows || batch.longest > longest)
    throw new UsageError(
      `a batch has ${batch.rows} rows and ${batch.longest} tokens in its longest example, but by the data's lengthOf() at most ${rows} and ${longest}`,
    );
  const widened = (array: Int32Array) => {
    const wide = new Int32Array(rows);
    wide.set(array);
    return wide;
  };
  return {
    ...batch,
    ...sizes,
    tokenIds: widened(batch.tokenIds),
    tokenTypeIds: widened(batch.tokenTypeIds),
    attentionMask: widened(batch.attentionMask),
  };
}
