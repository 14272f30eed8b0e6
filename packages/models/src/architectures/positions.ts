import type { EncoderShape } from '../layers/encoder-config.js';

/** Which row of the position table a token has. */
export interface Positions {
  /** Whether padding is told by its token, whose row of the table is its own and starts as zeros. */
  readonly countTokens: boolean;
  /** Rows of the table that no token can have. */
  unused(config: Pick<EncoderShape, 'padTokenId'>): number;
  /**
   * A row for each token.
   *
   * @param tokenIds [batch · sequence]
   */
  rows(
    config: Pick<EncoderShape, 'padTokenId'>,
    tokenIds: Int32Array,
    sequence: number,
  ): Int32Array;
}

/** BERT's: a token's place in its sequence. */
export const placeInSequence: Positions = {
  countTokens: false,
  unused: () => 0,
  rows: (_, tokenIds, sequence) => tokenIds.map((_, index) => index % sequence),
};

/**
 * RoBERTa's: the tokens that are no padding are counted, beginning after the padding token's own row,
 * which padding gets.
 */
export const countedTokens: Positions = {
  countTokens: true,
  unused: ({ padTokenId }) => padTokenId + 1,
  rows({ padTokenId }, tokenIds, sequence) {
    let counted = 0;
    return tokenIds.map((token, index) => {
      if (index % sequence === 0) counted = 0;
      return token === padTokenId ? padTokenId : padTokenId + ++counted;
    });
  },
};
