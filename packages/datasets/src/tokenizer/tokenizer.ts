/** One tokenised sentence or pair, special tokens included, not padded. */
export interface Encoding {
  /** Vocabulary indices, [length]. */
  readonly tokenIds: Int32Array;
  /** 0 for the first sentence and 1 for the second where the model tells them apart, [length]. */
  readonly tokenTypeIds: Int32Array;
  /** Ones: every token counts. Padding added later is 0. [length]. */
  readonly attentionMask: Int32Array;
  /** True where tokens were cut off to reach the longest length allowed. */
  readonly truncated: boolean;
}

/** Turns text into the vocabulary indices that a model was trained on. */
export interface Tokenizer {
  /** The file or folder that it was loaded from, or what its files are called. */
  readonly source: string;
  /** The token that fills a batch's short rows, and its index. */
  readonly padToken: string;
  readonly padId: number;
  /**
   * One more than the largest index that `encode` can give or that a file lists; a model's embedding
   * needs as many rows.
   */
  readonly vocabularySize: number;
  /** How many special tokens are added to one sentence and to a pair. */
  readonly added: { readonly single: number; readonly pair: number };
  /**
   * Encodes a sentence or a pair, as transformers does with `truncation='longest_first'`: with
   * special tokens, and cut to at most `maxLength` tokens, the longer sentence first, on the
   * right unless the tokenizer's files say left.
   * @throws UsageError where `maxLength` leaves no room for the special tokens; DataError for a text
   * with a token that the vocabulary or the model's embedding does not have
   */
  encode(first: string, second: string | undefined, maxLength: number): Encoding;
}
