import { attention, newKey, type Value } from '@sketchgrad/core';
import { estimatedLinear, rebuildableLinear } from './linear-layer.js';
import type { Pass } from './pass.js';

/**
 * Multi-head self-attention and its output layer. One fused linear layer makes queries, keys and
 * values, so that what its estimator keeps of x is kept once for all three; with
 * `recompute: 'projections'` they are made again from x, which is rebuilt from what is kept anyway.
 * f32 [rows, hidden] → the same.
 */
export function selfAttention(
  x: Value,
  pass: Pass,
  names: { readonly queryKeyValue: string; readonly attentionOutput: string },
): Value {
  const { hiddenSize, heads, attentionDropout } = pass.config;
  const projections = rebuildableLinear(x, names.queryKeyValue, 3 * hiddenSize, pass);
  const context = attention(projections, pass.starts, pass.mask, {
    ...{ heads, longest: pass.shape.longest, key: newKey(pass.key) },
    rate: pass.training ? attentionDropout : 0,
  });
  return estimatedLinear(context, names.attentionOutput, hiddenSize, pass);
}
