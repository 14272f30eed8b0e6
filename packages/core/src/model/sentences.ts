import { checkCount } from '../checks/check-members.js';

/** The sizes of a step over sentences. */
export interface SentenceShape {
  /** Examples in the batch. */
  readonly batchSize: number;
  /**
   * Rows of the layers' inputs: the tokens of all examples, and behind them rows that belong to nobody,
   * so that batches of about as many tokens share a graph.
   */
  readonly rows: number;
  /** Tokens of the longest example at most: what attention has room for. */
  readonly longest: number;
}

/**
 * The sizes of a step over examples of one length, of which no row belongs to nobody.
 * @throws UsageError unless both are whole numbers above 0
 */
export function sentenceShape(batchSize: number, tokens: number): SentenceShape {
  checkCount('batchSize', batchSize);
  checkCount('tokens', tokens);
  return { batchSize, rows: batchSize * tokens, longest: tokens };
}

/** Examples of one step, their tokens one behind the other. b = batchSize. */
export interface SentenceBatch extends SentenceShape {
  /** Vocabulary indices: [rows] */
  readonly tokenIds: Int32Array;
  /**
   * 0, or 1 for the tokens of a second sentence; not looked at where a model tells no types apart: [rows]
   */
  readonly tokenTypeIds: Int32Array;
  /**
   * Where each example begins, rising from 0, and where the last one ends, which is at most `rows`. No
   * example is empty: [b + 1]
   */
  readonly starts: Int32Array;
  /** 1 for a token, 0 for a padding token, which is not attended to, and for nobody's rows: [rows] */
  readonly attentionMask: Int32Array;
  /** Classes, or values for regression: [b]. Absent where they are not known. */
  readonly labels?: Int32Array | Float32Array;
  /** Which examples of the data these are, for errors: [b] */
  readonly indices?: Int32Array;
}
