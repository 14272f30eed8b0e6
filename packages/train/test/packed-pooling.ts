import {
  input,
  multiply,
  type SentenceBatch,
  type SentenceShape,
  scatterAdd,
  type Value,
} from '@sketchgrad/core';

/**
 * The sum of each example's tokens, to which padding and nobody's rows add nothing. Declares the inputs
 * that `poolingInputs` gives. f32 [rows, features] → f32 [batchSize, features]
 */
export const poolTokens = (x: Value, { batchSize, rows }: SentenceShape): Value =>
  scatterAdd(multiply(x, input('mask', [rows, 1])), input('owner', [rows], 'i32'), batchSize);

/** 1 for a token, f32 [rows], and the example of each row, i32 [rows]; 0 for nobody's. */
export function poolingInputs({ rows, starts, attentionMask }: SentenceBatch) {
  const owner = new Int32Array(rows);
  for (let example = 0; example + 1 < starts.length; example++)
    owner.fill(example, starts[example], starts[example + 1]);
  return { mask: Float32Array.from(attentionMask), owner };
}
