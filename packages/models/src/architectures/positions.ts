import type { EncoderShape } from '../layers/encoder-config.js';

/** Which row of the position table a token has. */
export interface Positions {
  /** Whether padding is told by its token, whose row of the table is its own and starts as zeros. */
  readonly countTokens: boolean;
  /** Rows of the table that no token can have. */
  unused(config: Pick<EncoderShape, 'padTokenId'>): number;
  /**
   * A row for each token; the first one for rows behind the last example.
   *
   * @param tokenIds [rows]
   * @param starts where examples begin, and the last one ends
   */
  rows(
    config: Pick<EncoderShape, 'padTokenId'>,
    tokenIds: Int32Array,
    starts: Int32Array,
  ): Int32Array;
}

/** BERT's: a token's place in its sequence. */
export const placeInSequence: Positions = {
  countTokens: false,
  unused: () => 0,
  rows: (_, tokenIds, starts) =>
    inEach(tokenIds, starts, (tokens) => tokens.map((_, place) => place)),
};

/**
 * RoBERTa's: the tokens that are no padding are counted, beginning after the padding token's own row,
 * which padding gets.
 */
export const countedTokens: Positions = {
  countTokens: true,
  unused: ({ padTokenId }) => padTokenId + 1,
  rows: ({ padTokenId }, tokenIds, starts) =>
    inEach(tokenIds, starts, (tokens) => {
      let counted = 0;
      return tokens.map((token) => (token === padTokenId ? padTokenId : padTokenId + ++counted));
    }),
};

/** What is made of each example's tokens, one behind the other, and zeros behind the last. */
function inEach(
  tokenIds: Int32Array,
  starts: Int32Array,
  make: (tokens: Int32Array) => Int32Array,
): Int32Array {
  const all = new Int32Array(tokenIds.length);
  for (let example = 0; example + 1 < starts.length; example++)
    all.set(make(tokenIds.subarray(starts[example], starts[example + 1])), starts[example]);
  return all;
}
