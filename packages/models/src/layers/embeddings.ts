import { add, gather, parameter, type Value } from '@sketchgrad/core';
import { layerNorm } from './layer-norm.js';
import { drop, type Pass } from './pass.js';

/** Row indices into the three embedding tables, i32 [batch · sequence] each. */
export interface TokenInputs {
  readonly tokenIds: Value;
  readonly tokenTypeIds: Value;
  readonly positionIds: Value;
}

/**
 * Word, position and token type vectors added up, normalised, with dropout.
 * i32 [batch · sequence] three times → f32 [batch · sequence, hidden].
 */
export function embeddings(
  { tokenIds, tokenTypeIds, positionIds }: TokenInputs,
  name: string,
  pass: Pass,
): Value {
  const { hiddenSize, vocabularySize, typeVocabularySize, maxPositions } = pass.config;
  const lookUp = (table: string, rows: number, indices: Value) =>
    gather(parameter(`${name}.${table}_embeddings.weight`, [rows, hiddenSize]), indices);
  const words = lookUp('word', vocabularySize, tokenIds);
  const types = lookUp('token_type', typeVocabularySize, tokenTypeIds);
  const positions = lookUp('position', maxPositions, positionIds);
  const sum = add(add(words, types), positions);
  return drop(layerNorm(sum, `${name}.LayerNorm`, pass), pass.config.hiddenDropout, pass);
}
