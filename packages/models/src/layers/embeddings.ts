import { add, gather, parameter, type Value } from '@sketchgrad/core';
import { layerNorm } from './layer-norm.js';
import { drop, encoderName, type Pass } from './pass.js';

/** Row indices into the embedding tables, i32 [rows] each. */
export interface TokenInputs {
  readonly tokenIds: Value;
  /** Left out where the model tells no types apart. */
  readonly tokenTypeIds?: Value;
  readonly positionIds: Value;
}

/**
 * Word, position and, where there are any, token type vectors added up, normalised, with dropout.
 * i32 [rows] each → f32 [rows, hidden].
 */
export function embeddings(
  { tokenIds, tokenTypeIds, positionIds }: TokenInputs,
  pass: Pass,
): Value {
  const { hiddenSize, vocabularySize, typeVocabularySize, maxPositions, hiddenDropout } =
    pass.config;
  const lookUp = (table: string, rows: number, indices: Value) =>
    gather(
      parameter(encoderName(pass, `embeddings.${table}_embeddings.weight`), [rows, hiddenSize]),
      indices,
    );
  const words = lookUp('word', vocabularySize, tokenIds);
  const types = tokenTypeIds && lookUp('token_type', typeVocabularySize, tokenTypeIds);
  const positions = lookUp('position', maxPositions, positionIds);
  const sum = add(types ? add(words, types) : words, positions);
  return drop(layerNorm(sum, 'embeddings.LayerNorm', pass), hiddenDropout, pass);
}
