import { checkpoint, input, scope, type Value } from '@sketchgrad/core';
import { embeddings } from './embeddings.js';
import { encoderLayer } from './encoder-layer.js';
import type { Pass } from './pass.js';

/**
 * The encoder: embeddings, then the layers, each a block that `recompute: 'block'` makes again.
 * Reads the inputs tokenIds, tokenTypeIds and positionIds, i32 [batch · sequence], and
 * attentionMask, i32 [batch, sequence]. → f32 [batch · sequence, hidden].
 */
export function encoder(pass: Pass): Value {
  const { config, batchSize, sequence } = pass;
  const rows = batchSize * sequence;
  const tokens = {
    tokenIds: input('tokenIds', [rows], 'i32'),
    tokenTypeIds: input('tokenTypeIds', [rows], 'i32'),
    positionIds: input('positionIds', [rows], 'i32'),
  };
  const mask = input('attentionMask', [batchSize, sequence], 'i32');
  let x = scope('embeddings', () => embeddings(tokens, `${config.architecture}.embeddings`, pass));
  for (let layer = 0; layer < config.layers; layer++) {
    const path = `encoder.layer.${layer}`;
    x = scope(path, () =>
      checkpoint(() => encoderLayer(x, mask, `${config.architecture}.${path}`, pass)),
    );
  }
  return x;
}
