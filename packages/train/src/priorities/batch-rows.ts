/** The rows of a linear layer's input in a batch: its examples' tokens, padding included, and nobody's. */
export interface BatchRows {
  /** The examples' indices in the data: [batchSize] */
  readonly indices: readonly number[];
  /** Where each example's rows begin, and where the last one's end: [batchSize + 1] */
  readonly starts: ArrayLike<number>;
  /**
   * What tells layers apart whose inputs do not have the same rows of an example, such as images' pixels
   * before and behind a pool: layers of one kind have. Alike in all batches; needed where layers differ.
   */
  readonly kind?: string;
  /** 1 for a token, 0 for padding and nobody's rows: [rows] */
  readonly attentionMask: ArrayLike<number>;
}

/** Calls `visit` for each row that is no padding. */
export function forEachToken(
  { indices, starts, attentionMask }: BatchRows,
  visit: (row: number, example: number, position: number) => void,
): void {
  for (const [index, example] of indices.entries()) {
    const first = starts[index]!;
    for (let row = first; row < starts[index + 1]!; row++)
      if (attentionMask[row] !== 0) visit(row, example, row - first);
  }
}

/** Tokens of an example, up to its last one that is no padding. */
export function lengthOf({ starts, attentionMask }: BatchRows, index: number): number {
  const first = starts[index]!;
  let end = starts[index + 1]!;
  while (end > first && attentionMask[end - 1] === 0) end--;
  return end - first;
}
