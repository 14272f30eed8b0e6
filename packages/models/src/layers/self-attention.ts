import { attention, newKey, type Value } from '@sketchgrad/core';
import { estimatedLinear, rebuildableLinear } from './linear-layer.js';
import { drop, type Pass } from './pass.js';

/**
 * Multi-head self-attention and its output layer. One fused linear layer makes queries, keys and
 * values, so that what its estimator keeps of x is kept once for all three; with
 * `recompute: 'projections'` they are made again from x, which is rebuilt from what is kept anyway.
 * f32 [batch · sequence, hidden] → the same.
 *
 * @param mask i32 [batch, sequence], 0 where a token is padding
 */
export function selfAttention(x: Value, mask: Value, name: string, pass: Pass): Value {
  const { hiddenSize, heads, attentionDropout, hiddenDropout } = pass.config;
  const projections = rebuildableLinear(x, `${name}.self.query_key_value`, 3 * hiddenSize, pass);
  const context = attention(projections, mask, {
    heads,
    rate: pass.training ? attentionDropout : 0,
    key: newKey(pass.key),
  });
  return drop(
    estimatedLinear(context, `${name}.output.dense`, hiddenSize, pass),
    hiddenDropout,
    pass,
  );
}
