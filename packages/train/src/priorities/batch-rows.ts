/** The rows of a batch's linear layers: its examples' tokens, padding included. */
export interface BatchRows {
  /** The examples' indices in the data: [batchSize] */
  readonly indices: readonly number[];
  readonly sequence: number;
  /** 1 for a token, 0 for padding: [batchSize · sequence] */
  readonly attentionMask: ArrayLike<number>;
}

/** Calls `visit` for each row that is no padding. */
export function forEachToken(
  { indices, sequence, attentionMask }: BatchRows,
  visit: (row: number, example: number, position: number) => void,
): void {
  for (const [index, example] of indices.entries())
    for (let position = 0; position < sequence; position++) {
      const row = index * sequence + position;
      if (attentionMask[row] !== 0) visit(row, example, position);
    }
}

/** Tokens of an example's row of the mask, up to its last one. */
export function lengthOf({ sequence, attentionMask }: BatchRows, index: number): number {
  let length = sequence;
  while (length > 0 && attentionMask[index * sequence + length - 1] === 0) length--;
  return length;
}
