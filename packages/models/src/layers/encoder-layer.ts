import { add, scope, type Value } from '@sketchgrad/core';
import { feedForward } from './feed-forward.js';
import { layerNorm } from './layer-norm.js';
import type { Pass } from './pass.js';
import { selfAttention } from './self-attention.js';

/**
 * One layer of BERT: attention, then feed-forward, each added to its input and normalised after
 * (post-LN, arXiv 1810.04805). f32 [batch · sequence, hidden] → the same.
 *
 * @param mask i32 [batch, sequence], 0 where a token is padding
 */
export function encoderLayer(x: Value, mask: Value, name: string, pass: Pass): Value {
  const attended = scope('attention', () =>
    layerNorm(
      add(selfAttention(x, mask, `${name}.attention`, pass), x),
      `${name}.attention.output.LayerNorm`,
      pass,
    ),
  );
  return scope('feedForward', () =>
    layerNorm(add(feedForward(attended, name, pass), attended), `${name}.output.LayerNorm`, pass),
  );
}
