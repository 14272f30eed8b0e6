import { attentionPooling, gather, newKey, type Value } from '@sketchgrad/core';
import { estimatedLinear, rebuildableLinear } from './linear-layer.js';
import type { Pass } from './pass.js';

/** The first token of each example. f32 [rows, features] → f32 [batchSize, features]. */
export const firstTokens = (x: Value, { starts, shape }: Pass): Value =>
  gather(x, starts, { count: shape.batchSize });

/** The pass of layers behind {@link firstTokens}: so few rows are never compressed. */
export const ofExamples = (pass: Pass): Pass => ({ ...pass, rowsOf: 'examples' });

/**
 * Multi-head attention of the first tokens alone, over the keys and values of all, and its output layer.
 * f32 [rows, hidden] → f32 [batchSize, hidden].
 *
 * @param first the rows of x that {@link firstTokens} gives
 */
export function firstTokenAttention(
  x: Value,
  first: Value,
  pass: Pass,
  names: { readonly query: string; readonly keyValue: string; readonly attentionOutput: string },
): Value {
  const { hiddenSize, heads, attentionDropout } = pass.config;
  const own = ofExamples(pass);
  const queries = estimatedLinear(first, names.query, hiddenSize, own);
  const keysValues = rebuildableLinear(x, names.keyValue, 2 * hiddenSize, pass);
  const context = attentionPooling(queries, keysValues, pass.starts, pass.mask, {
    ...{ heads, longest: pass.shape.longest, key: newKey(pass.key) },
    rate: pass.training ? attentionDropout : 0,
  });
  return estimatedLinear(context, names.attentionOutput, hiddenSize, own);
}
