import { checkpoint, input, scope, type Value } from '@sketchgrad/core';
import { firstTokens } from '../layers/first-tokens.js';
import type { Pass } from '../layers/pass.js';
import type { EncoderArchitecture } from './architecture.js';

/**
 * The encoder: embeddings, then the blocks, each of which `recompute: 'block'` makes again.
 * Reads the inputs tokenIds, tokenTypeIds (where there are types) and positionIds, i32 [rows], beside
 * those of the pass. → the first token of each example, f32 [batchSize, hidden].
 */
export function encoder({ tensors, embeddings, block }: EncoderArchitecture, pass: Pass): Value {
  const { config, shape } = pass;
  const tokens = {
    tokenIds: input('tokenIds', [shape.rows], 'i32'),
    ...(config.typeVocabularySize > 0 && {
      tokenTypeIds: input('tokenTypeIds', [shape.rows], 'i32'),
    }),
    positionIds: input('positionIds', [shape.rows], 'i32'),
  };
  const endsWithFirst = config.lastLayer === 'first' && config.layers > 0;
  let x = scope('embeddings', () => embeddings(tokens, pass));
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `${tensors.blocks}.${layer}`;
    const firstTokensOnly = endsWithFirst && layer === config.layers - 1;
    x = scope(name, () => checkpoint(() => block(x, { name, firstTokensOnly }, pass)));
  }
  return endsWithFirst ? x : firstTokens(x, pass);
}
