/** The sizes of a step over sentences. */
export interface SentenceShape {
  /** Examples in the batch. */
  readonly batchSize: number;
  /** Tokens of each example, padding included. */
  readonly sequence: number;
}

/** Examples of one step, padded to one length. b = batchSize, T = sequence. */
export interface SentenceBatch extends SentenceShape {
  /** Vocabulary indices: [b · T] */
  readonly tokenIds: Int32Array;
  /**
   * 0, or 1 for the tokens of a second sentence; not looked at where a model tells no types apart: [b · T]
   */
  readonly tokenTypeIds: Int32Array;
  /** 1 for a token, 0 for padding: [b · T] */
  readonly attentionMask: Int32Array;
  /** Classes, or values for regression: [b]. Absent where they are not known. */
  readonly labels?: Int32Array | Float32Array;
  /** Which examples of the data these are, for errors: [b] */
  readonly indices?: Int32Array;
}
