import { checkpoint, input, scope, type Value } from '@sketchgrad/core';
import type { Pass } from '../layers/pass.js';
import type { EncoderArchitecture } from './architecture.js';

/**
 * The encoder: embeddings, then the blocks, each of which `recompute: 'block'` makes again.
 * Reads the inputs tokenIds, tokenTypeIds (where there are types) and positionIds,
 * i32 [batch · sequence], and attentionMask, i32 [batch, sequence]. → f32 [batch · sequence, hidden].
 */
export function encoder({ tensors, embeddings, block }: EncoderArchitecture, pass: Pass): Value {
  const { config, batchSize, sequence } = pass;
  const rows = batchSize * sequence;
  const tokens = {
    tokenIds: input('tokenIds', [rows], 'i32'),
    ...(config.typeVocabularySize > 0 && { tokenTypeIds: input('tokenTypeIds', [rows], 'i32') }),
    positionIds: input('positionIds', [rows], 'i32'),
  };
  const mask = input('attentionMask', [batchSize, sequence], 'i32');
  let x = scope('embeddings', () => embeddings(tokens, pass));
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `${tensors.blocks}.${layer}`;
    x = scope(name, () => checkpoint(() => block(x, mask, name, pass)));
  }
  return x;
}
